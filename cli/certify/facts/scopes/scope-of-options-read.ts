import { isRecord, valueIn } from "../../../../lib/json.ts";
import { success } from "../../context.ts";
import { compare, type Fact } from "../../fact.ts";
import { clientScopes, limitedToken } from "../../steps/clients.ts";
import { connectionScopes, socialConnection } from "../../steps/connections.ts";

export const scopeOfOptionsRead: Fact = {
  id: "scope-of-options-read",
  title: "Without read:connections_options a connection is read without its options",
  reliedOnBy: {
    document: "docs/shared-tenants.md",
    code: [
      "plugins/userpictures/connection/connection.ts",
      "auth0/tenant-users.ts",
      "tenant/management/connections.ts",
    ],
  },
  scopes: [...clientScopes, ...connectionScopes],
  check: async (context) => {
    const { id } = await socialConnection(context);
    const { token } = await limitedToken(context);
    const answer = await context.calls.api("GET", `/connections/${id}`, { token });
    const { body } = success(answer, "reading a connection without read:connections_options");
    return compare({
      name: [context.names.social, valueIn(body, "name")],
      "has options": [false, isRecord(body) && "options" in body],
    });
  },
};
