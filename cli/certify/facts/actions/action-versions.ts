import { recordOf, recordsIn, valueIn } from "../../../../lib/json.ts";
import { compare, type Fact } from "../../fact.ts";
import { actionScopes, ownCode, versionedAction } from "../../steps/actions.ts";

export const actionVersions: Fact = {
  id: "action-versions",
  title: "Each deployment is a version with its code, newest first, and one of them is the deployed one",
  reliedOnBy: {
    document: "docs/rollback.md",
    code: ["auth0/actions-api.ts", "cli/rollback/list-versions.ts"],
  },
  scopes: actionScopes,
  shows: versionedAction.stepName,
  check: async (context) => {
    const { listed } = await versionedAction(context);
    const versions = recordsIn(recordOf(listed.body), "versions");
    const numbers = versions.map((version) => Number(version["number"]));
    return compare({
      codes: [[ownCode(context, 2), ownCode(context, 1)], versions.map((version) => version["code"])],
      "numbers go down": [numbers.toSorted((a, b) => b - a), numbers],
      deployed: [[true, false], versions.map((version) => version["deployed"])],
      "action.all_changes_deployed": [
        [false, false],
        versions.map((version) => valueIn(version, "action", "all_changes_deployed")),
      ],
    });
  },
};
