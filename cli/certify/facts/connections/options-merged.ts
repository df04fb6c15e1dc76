import { compare, type Fact } from "../../fact.ts";
import { connectionScopes, readOptions, socialConnection, writeOptions } from "../../steps/connections.ts";

export const optionsMerged: Fact = {
  id: "connection-options-merged",
  title:
    "Options that are read, merged and written keep the secret, and set_user_root_attributes is what was written",
  reliedOnBy: {
    document: "docs/shared-tenants.md",
    code: ["plugins/userpictures/connection/connection-sync.ts", "auth0/tenant-users.ts"],
  },
  scopes: connectionScopes,
  check: async (context) => {
    const { id, options } = await socialConnection(context);
    const read = await readOptions(context, id);
    await writeOptions(context, id, { ...read, set_user_root_attributes: "on_first_login" });
    const found = await readOptions(context, id);
    return compare({
      set_user_root_attributes: ["on_first_login", found["set_user_root_attributes"]],
      "secret is kept": [true, found["client_secret"] === read["client_secret"]],
      client_id: [options.client_id, found["client_id"]],
    });
  },
};
