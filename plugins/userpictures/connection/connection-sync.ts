import { withCode } from "../../../lib/errors.ts";
import { textOf, type ResourceType } from "../resource-type.ts";
import {
  findConnection,
  readConnection,
  syncOption,
  syncOptionOf,
  unset,
  writeSyncOption,
  type SyncOptionWrite,
} from "./connection.ts";

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
        `Logins through ${connection.name} will no longer update users' pictures from the provider, nor their names and ` +
          "other root attributes: Auth0 has one switch for all of them.",
      ],
    };
  },

  create: async ({ api }, inputs) => {
    const { id, name } = await findConnection(api, textOf(inputs, "connection"));
    const setting = textOf(inputs, "setting");
    const done = await writeSyncOption(api, id, () => setting);
    const computed = { former: done?.former ?? unset };
    // A failure after the write would lose the former value: only the state of what was made holds it.
    if (done?.problem !== undefined) return { id, computed, warnings: [withCode(done.problem)] };
    return done?.isWritten === false
      ? { id, computed, warnings: [alreadySet(name, setting)] }
      : { id, computed };
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
    throwProblem(await writeSyncOption(api, id, () => textOf(inputs, "setting")));
  },

  remove: async ({ api }, id, outputs) => {
    const former = textOf(outputs, "former");
    // A later choice made elsewhere stays.
    throwProblem(
      await writeSyncOption(api, id, (present) => (present === outputs["setting"] ? former : present)),
    );
  },
};

function throwProblem(done: SyncOptionWrite | undefined): void {
  if (done?.problem !== undefined) throw done.problem;
}

function alreadySet(name: string, setting: string): string {
  return (
    `Connection ${name} has ${syncOption} ${setting} already, so pulumi destroy will leave it. If an interrupted run of this project ` +
    "set it, its former value is no longer known: set it in the dashboard after the destroy."
  );
}
