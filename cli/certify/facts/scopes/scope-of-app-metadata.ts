import { compare, type Fact } from "../../fact.ts";
import { clientScopes, limitedToken } from "../../steps/clients.ts";
import { firstUser, userScopes } from "../../steps/users.ts";

export const scopeOfAppMetadata: Fact = {
  id: "scope-of-app-metadata",
  title: "With update:users_app_metadata alone app_metadata can be changed, and nothing else of a user",
  reliedOnBy: {
    document: "docs/people.md",
    code: ["stack/client-capabilities.ts", "tenant/management/users.ts"],
  },
  scopes: [...clientScopes, ...userScopes],
  check: async (context) => {
    await firstUser(context);
    const { token } = await limitedToken(context);
    const path = `/users/${encodeURIComponent(context.names.userId("first"))}`;
    const statusOf = async (body: object) => (await context.calls.api("PATCH", path, { token, body })).status;
    return compare({
      "status for app_metadata": [200, await statusOf({ app_metadata: { certify: true } })],
      "status for the name": [403, await statusOf({ name: "Certify" })],
      "status for user_metadata": [403, await statusOf({ user_metadata: { certify: true } })],
    });
  },
};
