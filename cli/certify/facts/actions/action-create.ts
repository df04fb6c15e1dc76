import { valueIn } from "../../../../lib/json.ts";
import { compare, type Fact } from "../../fact.ts";
import { actionScopes, ownAction } from "../../steps/actions.ts";

export const actionCreate: Fact = {
  id: "action-create",
  title: "A new Action is a draft: its build is pending, and nothing of it is deployed",
  reliedOnBy: {
    document: "docs/recover-and-adopt.md",
    code: ["auth0/actions-api.ts", "tenant/management/action-views.ts"],
  },
  scopes: actionScopes,
  shows: ownAction.stepName,
  check: async (context) => {
    const { status, body } = (await ownAction(context)).created;
    return compare({
      status: [201, status],
      "build status": ["pending", valueIn(body, "status")],
      name: [context.names.action, valueIn(body, "name")],
      all_changes_deployed: [false, valueIn(body, "all_changes_deployed")],
      deployed_version: [undefined, valueIn(body, "deployed_version")],
    });
  },
};
