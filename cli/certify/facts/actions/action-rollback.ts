import { valueIn } from "../../../../lib/json.ts";
import { success } from "../../context.ts";
import { compare, type Fact } from "../../fact.ts";
import {
  actionScopes,
  deployedAction,
  ownCode,
  showingVersion,
  versionedAction,
} from "../../steps/actions.ts";

export const actionRollback: Fact = {
  id: "action-rollback",
  title: "Deploying an old version makes a new one with its code, and with update_draft the draft as well",
  reliedOnBy: { document: "docs/rollback.md", code: ["auth0/actions-api.ts", "cli/rollback/carry-out.ts"] },
  scopes: actionScopes,
  check: async (context) => {
    const { deployed: first } = await deployedAction(context);
    const { id, deployed: second } = await versionedAction(context);
    const path = `/actions/actions/${id}/versions/${String(valueIn(first.body, "id"))}/deploy`;
    const body = { update_draft: true };
    const third = success(await context.calls.api("POST", path, { body }), "deploying a version again");
    const now = await showingVersion(context, id, third);
    const ids = [first, second, third].map((version) => valueIn(version.body, "id"));
    return compare({
      "a version of its own": [3, new Set(ids).size],
      "a higher number": [
        true,
        Number(valueIn(third.body, "number")) > Number(valueIn(second.body, "number")),
      ],
      "shows that version": [true, valueIn(now.body, "deployed_version", "id") === ids[2]],
      "deployed code": [ownCode(context, 1), valueIn(now.body, "deployed_version", "code")],
      "draft's code": [ownCode(context, 1), valueIn(now.body, "code")],
    });
  },
};
