import { recordOf, recordsIn } from "../../../../lib/json.ts";
import { success } from "../../context.ts";
import { compare, type Fact } from "../../fact.ts";
import { linkedUser, linkScopes } from "../../steps/logins.ts";
import { waitFor } from "../../wait-for.ts";

export const linkSearch: Fact = {
  id: "link-search",
  title: "A search for a linked identity's id and provider finds the primary user, if not at once",
  reliedOnBy: {
    document: "docs/people.md",
    code: ["auth0/tenant-users.ts", "tenant/management/user-query.ts"],
  },
  scopes: linkScopes,
  check: async (context) => {
    await linkedUser(context);
    const { calls, names } = context;
    const q = `identities.user_id:"${names.localUserId("second")}" AND identities.provider:"auth0"`;
    const path = `/users?q=${encodeURIComponent(q)}&search_engine=v3&include_totals=true&per_page=5`;
    const search = async () => {
      const { body } = success(await calls.api("GET", path), "searching for a linked identity");
      return recordsIn(recordOf(body), "users").map((user) => user["user_id"]);
    };
    // The index is some seconds behind.
    const found = await waitFor(search, ([id]) => id === names.userId("first"), {
      withinMs: context.settleMs,
    });
    return compare({ "found users": [[names.userId("first")], found] });
  },
};
