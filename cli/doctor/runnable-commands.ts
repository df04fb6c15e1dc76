import { capabilities, capabilityNames, type CapabilityName } from "../../infra/client-capabilities.ts";

/** What a client may do by its scopes, whoever made it. */
export interface RunnableCommands {
  /** Of `pictures`, in the order of the capabilities. */
  readonly commands: readonly string[];
  /** The capabilities whose commands it cannot run, with what it lacks for each. */
  readonly lacking: readonly { readonly capability: CapabilityName; readonly scopes: readonly string[] }[];
}

/** It only lets other capabilities' commands say more. */
const adding: CapabilityName = "connections";

export function runnableCommands(scopes: readonly string[]): RunnableCommands {
  const judged = capabilityNames
    .filter((name) => name !== adding)
    .map((capability) => ({
      capability,
      scopes: capabilities[capability].scopes.filter((scope) => !covers(scopes, scope)),
    }));
  const enough = judged.filter((entry) => entry.scopes.length === 0);
  const commands = enough.flatMap(({ capability }): readonly string[] => capabilities[capability].commands);
  return {
    commands: [...new Set(commands)],
    lacking: judged.filter((entry) => entry.scopes.length > 0),
  };
}

/** Auth0 lets who may change users change their app_metadata, too. */
function covers(scopes: readonly string[], needed: string): boolean {
  return (
    scopes.includes(needed) || (needed === "update:users_app_metadata" && scopes.includes("update:users"))
  );
}
