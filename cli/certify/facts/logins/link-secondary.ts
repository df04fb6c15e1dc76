import { compare, type Fact } from "../../fact.ts";
import { linkedUser, linkScopes } from "../../steps/logins.ts";

export const linkSecondary: Fact = {
  id: "link-secondary",
  title: "A linked user is no user any more: 404 by the former id",
  reliedOnBy: {
    document: "docs/people.md",
    code: ["auth0/tenant-users.ts", "tenant/management/user-identities.ts"],
  },
  scopes: linkScopes,
  check: async (context) => {
    await linkedUser(context);
    const id = encodeURIComponent(context.names.userId("second"));
    const { status } = await context.calls.api("GET", `/users/${id}`);
    return compare({ status: [404, status] });
  },
};
