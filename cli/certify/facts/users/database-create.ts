import { valueIn } from "../../../../lib/json.ts";
import { compare, type Fact } from "../../fact.ts";
import { ownDatabase, userScopes } from "../../steps/users.ts";

export const databaseCreate: Fact = {
  id: "database-create",
  title: "A new database connection is its own realm, and no application may use it",
  reliedOnBy: { document: "docs/local-tenant.md", code: ["tenant/state/connection.ts"] },
  scopes: userScopes,
  shows: ownDatabase.stepName,
  check: async (context) => {
    const { status, body } = (await ownDatabase(context)).created;
    return compare({
      status: [201, status],
      strategy: ["auth0", valueIn(body, "strategy")],
      realms: [[context.names.database], valueIn(body, "realms")],
      enabled_clients: [[], valueIn(body, "enabled_clients")],
    });
  },
};
