import { valueIn } from "../../../../lib/json.ts";
import { compare, type Fact } from "../../fact.ts";
import { actionScopes, deployedAction, ownCode } from "../../steps/actions.ts";

export const actionDeploy: Fact = {
  id: "action-deploy",
  title:
    "A deployment answers with version 1, which the Action then shows as deployed, with nothing left to deploy",
  reliedOnBy: { document: "docs/rollback.md", code: ["auth0/actions-api.ts", "cli/rollback/carry-out.ts"] },
  scopes: actionScopes,
  shows: deployedAction.stepName,
  check: async (context) => {
    const { deployed, now } = await deployedAction(context);
    return compare({
      "status is 200 or 202": [true, [200, 202].includes(deployed.status)],
      number: [1, valueIn(deployed.body, "number")],
      "shows that version": [
        true,
        valueIn(now.body, "deployed_version", "id") === valueIn(deployed.body, "id"),
      ],
      "deployed code": [ownCode(context, 1), valueIn(now.body, "deployed_version", "code")],
      all_changes_deployed: [true, valueIn(now.body, "all_changes_deployed")],
    });
  },
};
