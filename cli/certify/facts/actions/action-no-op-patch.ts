import { valueIn } from "../../../../lib/json.ts";
import { success } from "../../context.ts";
import { compare, type Fact } from "../../fact.ts";
import { actionScopes, buildOf, deployedAction, ownCode } from "../../steps/actions.ts";

export const actionNoOpPatch: Fact = {
  id: "action-no-op-patch",
  title: "Writing the code that is deployed again leaves nothing to deploy",
  reliedOnBy: {
    document: "docs/local-tenant.md",
    code: ["cli/drift/action-drift.ts", "cli/rollback/list-versions.ts", "tenant/state/action.ts"],
  },
  scopes: actionScopes,
  check: async (context) => {
    const { id } = await deployedAction(context);
    const body = { code: ownCode(context, 1) };
    success(
      await context.calls.api("PATCH", `/actions/actions/${id}`, { body }),
      "writing the same code again",
    );
    const now = await buildOf(context, id);
    return compare({ all_changes_deployed: [true, valueIn(now.body, "all_changes_deployed")] });
  },
};
