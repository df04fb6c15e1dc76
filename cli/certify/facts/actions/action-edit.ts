import { valueIn } from "../../../../lib/json.ts";
import { compare, type Fact } from "../../fact.ts";
import { actionScopes, editedAction, ownCode } from "../../steps/actions.ts";

export const actionEdit: Fact = {
  id: "action-edit",
  title: "Another draft leaves what is deployed as it is, and something to deploy",
  reliedOnBy: {
    document: "docs/guard-rails.md",
    code: ["cli/drift/action-drift.ts", "auth0/actions-api.ts"],
  },
  scopes: actionScopes,
  shows: editedAction.stepName,
  check: async (context) => {
    const { changed, now } = await editedAction(context);
    return compare({
      status: [200, changed.status],
      "build status right away": ["pending", valueIn(changed.body, "status")],
      "draft's code": [ownCode(context, 2), valueIn(now.body, "code")],
      "deployed code": [ownCode(context, 1), valueIn(now.body, "deployed_version", "code")],
      all_changes_deployed: [false, valueIn(now.body, "all_changes_deployed")],
    });
  },
};
