import { compare, type Fact } from "../../fact.ts";
import { connectionScopes, readOptions, socialConnection } from "../../steps/connections.ts";

export const optionsRead: Fact = {
  id: "connection-options-read",
  title: "A social connection's options come back as they were sent, its secret in plain text",
  reliedOnBy: {
    document: "docs/shared-tenants.md",
    code: ["plugins/userpictures/connection/connection.ts", "tenant/state/connection-options.ts"],
  },
  scopes: connectionScopes,
  shows: socialConnection.stepName,
  check: async (context) => {
    const { id, options } = await socialConnection(context);
    const found = await readOptions(context, id);
    const same = Object.entries(options).map(([name, value]) => [name, found[name] === value]);
    return compare({
      "as they were sent": [
        Object.fromEntries(Object.keys(options).map((name) => [name, true])),
        Object.fromEntries(same),
      ],
      "on_each_login, said or not": ["on_each_login", found["set_user_root_attributes"] ?? "on_each_login"],
    });
  },
};
