import { valueIn } from "../../../../lib/json.ts";
import { compare, type Fact } from "../../fact.ts";
import { actionScopes, builtAction, ownCode } from "../../steps/actions.ts";

const known = ["pending", "building", "packaged", "retrying", "built"];

export const actionBuild: Fact = {
  id: "action-build",
  title: "A draft's build goes through known statuses to built, and keeps the code byte by byte",
  reliedOnBy: {
    document: "docs/rollback.md",
    code: ["auth0/actions-api.ts", "cli/try/run-in-tenant.ts", "tenant/state/action.ts"],
  },
  scopes: actionScopes,
  shows: builtAction.stepName,
  check: async (context) => {
    const { now, statuses } = await builtAction(context);
    return compare({
      "unknown statuses": [[], statuses.filter((status) => !known.includes(String(status)))],
      code: [ownCode(context, 1), valueIn(now.body, "code")],
    });
  },
};
