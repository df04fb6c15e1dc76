import { textOf, type ResourceType } from "../resource-type.ts";
import { findConnection, readConnection } from "./connection.ts";
import { syncOptionOf, unset, writeSyncOption } from "./write-sync-option.ts";

/**
 * `userpictures:index:ConnectionSync`: one option of one connection, `set_user_root_attributes`. Its id is the
 * connection's. `former` is the value that the option had before, the only one that the state holds.
 */
export const connectionSync: ResourceType = {
  token: "userpictures:index:ConnectionSync",
  inputs: {
    connection: { required: true, replaces: true },
    setting: { required: true },
  },
  computed: ["former"],

  previewCreate: async ({ api }, inputs) => {
    const connection = await findConnection(api, textOf(inputs, "connection"));
    if (syncOptionOf(connection) === inputs["setting"]) return {};
    return {
      warnings: [
        `Logins through ${connection.name} will no longer update users' pictures from the provider, and neither their names and ` +
          "other root attributes: Auth0 has one switch for all of them.",
      ],
    };
  },

  create: async ({ api }, inputs) => {
    const { id } = await findConnection(api, textOf(inputs, "connection"));
    const former = await writeSyncOption(api, id, () => textOf(inputs, "setting"));
    return { id, computed: { former: former ?? unset } };
  },

  read: async ({ api }, id, known) => {
    const connection = await readConnection(api, id);
    if (connection === undefined) return undefined;
    const inputs = { connection: connection.name, setting: syncOptionOf(connection) };
    // An import does not know what was there before: Auth0's own default.
    const former = known.outputs["former"] ?? unset;
    return { id, inputs, outputs: { ...inputs, former } };
  },

  update: async ({ api }, { id, inputs }) => {
    await writeSyncOption(api, id, () => textOf(inputs, "setting"));
  },

  remove: async ({ api }, id, outputs) => {
    const former = textOf(outputs, "former");
    // Somebody else's later choice stays.
    await writeSyncOption(api, id, (present) => (present === outputs["setting"] ? former : present));
  },
};
