import { compare, type Fact } from "../../fact.ts";
import { connectionScopes, readOptions, socialConnection, writeOptions } from "../../steps/connections.ts";

export const optionsReplaced: Fact = {
  id: "connection-options-replaced",
  title: "Writing a connection's options replaces all of them: what is left out is gone",
  reliedOnBy: {
    document: "docs/shared-tenants.md",
    code: ["plugins/userpictures/connection/connection-sync.ts", "tenant/state/connection.ts"],
  },
  scopes: connectionScopes,
  check: async (context) => {
    const { id, options } = await socialConnection(context);
    await writeOptions(context, id, { email: true, client_id: options.client_id });
    const found = await readOptions(context, id);
    return compare({ client_secret: [undefined, found["client_secret"]] });
  },
};
