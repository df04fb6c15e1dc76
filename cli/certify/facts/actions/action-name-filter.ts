import { recordOf, recordsIn } from "../../../../lib/json.ts";
import { success } from "../../context.ts";
import { compare, type Fact } from "../../fact.ts";
import { actionScopes, ownAction } from "../../steps/actions.ts";

export const actionNameFilter: Fact = {
  id: "action-name-filter",
  title: "The list of Actions by actionName finds the whole name, and not its beginning",
  reliedOnBy: {
    document: "docs/local-tenant.md",
    code: ["auth0/actions-api.ts", "tenant/management/actions.ts"],
  },
  scopes: actionScopes,
  check: async (context) => {
    await ownAction(context);
    const { action } = context.names;
    const named = async (name: string) => {
      const path = `/actions/actions?actionName=${encodeURIComponent(name)}&per_page=50`;
      const { body } = success(await context.calls.api("GET", path), "listing Actions by name");
      return recordsIn(recordOf(body), "actions").filter((found) => found["name"] === action).length;
    };
    return compare({
      "found by the name": [1, await named(action)],
      "found by its beginning": [0, await named(action.slice(0, -3))],
    });
  },
};
