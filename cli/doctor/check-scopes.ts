import type { CredentialSource } from "../../auth0/credentials.ts";
import {
  capabilities,
  capabilityNames,
  scopesOf,
  type CapabilityName,
} from "../../stack/client-capabilities.ts";
import type { ConfigValues } from "../../stack/config-keys.ts";
import { ok, problem, skipped, type Check, type Finding } from "./check.ts";

/** The token may do what it is there for. */
export const checkScopes: Check = {
  name: "scopes",
  run: (_surroundings, { access, credentials, config }) => {
    if (access === undefined || credentials === undefined || config === undefined) {
      return Promise.resolve(skipped("There is no token to check"));
    }
    const { scopes } = access;
    return Promise.resolve(
      credentials.source === "PICTURES_*"
        ? ownClientFinding(scopes)
        : neededFinding(scopes, needs(credentials.source, config.config)),
    );
  },
};

/** The scopes of a moderator's own client are their decision: the check only says what they allow. */
function ownClientFinding(scopes: readonly string[]): Finding {
  const { commands, lacking } = runnableCommands(scopes);
  const lacks = lacking.map((entry) => `${entry.capability} (${entry.scopes.join(", ")})`).join(", ");
  if (commands.length === 0) {
    return problem(
      `Enough for no command; it lacks, for ${lacking.length === 1 ? "capability" : "capabilities"} ${lacks}`,
      "give the client the scopes that its users need (docs/people.md, Without access to Pulumi)",
    );
  }
  const rest = lacks === "" ? "" : `; not for ${lacks}`;
  return ok(`enough for ${commands.join(", ")}${rest}`);
}

interface Needs {
  readonly scopes: readonly string[];
  readonly purpose: string;
  readonly remedy: string;
}

function neededFinding(granted: readonly string[], { scopes, purpose, remedy }: Needs): Finding {
  const missing = scopes.filter((scope) => !granted.includes(scope));
  if (missing.length === 0) return ok(`enough to ${purpose}`);
  const are = missing.length === 1 ? "is" : "are";
  return problem(`Too few to ${purpose}: ${missing.join(", ")} ${are} missing`, remedy);
}

/** `AUTH0_*` are those that deploy; the stack's outputs are those of the client that the stack created. */
function needs(source: CredentialSource, config: ConfigValues): Needs {
  if (source === "AUTH0_*") {
    return {
      scopes: deploymentScopes(config),
      purpose: "deploy",
      remedy: "add them to the application's authorization for the Auth0 Management API",
    };
  }
  const { capabilities } = config;
  return {
    scopes: scopesOf(capabilities),
    purpose: `use the ${capabilities.length === 1 ? "capability" : "capabilities"} ${capabilities.join(", ")}`,
    remedy: "pulumi up --refresh fixes the client's grant; or change config key capabilities",
  };
}

/** What a client's scopes allow, whoever created the client. */
interface RunnableCommands {
  /** Of `pictures`, in the order of the capabilities. */
  readonly commands: readonly string[];
  /** The capabilities whose commands it cannot run, with what it lacks for each. */
  readonly lacking: readonly { readonly capability: CapabilityName; readonly scopes: readonly string[] }[];
}

/** It only lets other capabilities' commands say more. */
const adding: CapabilityName = "connections";

function runnableCommands(scopes: readonly string[]): RunnableCommands {
  const perCapability = capabilityNames
    .filter((name) => name !== adding)
    .map((capability) => ({
      capability,
      scopes: capabilities[capability].scopes.filter((scope) => !covers(scopes, scope)),
    }));
  const enough = perCapability.filter((entry) => entry.scopes.length === 0);
  const commands = enough.flatMap(({ capability }): readonly string[] => capabilities[capability].commands);
  return {
    commands: [...new Set(commands)],
    lacking: perCapability.filter((entry) => entry.scopes.length > 0),
  };
}

/** Auth0 lets who may change users change their app_metadata, too. */
function covers(scopes: readonly string[], needed: string): boolean {
  return (
    scopes.includes(needed) || (needed === "update:users_app_metadata" && scopes.includes("update:users"))
  );
}

/**
 * The Management API scopes that `pulumi up`, a refresh preview and `pulumi destroy` of a stack need, for whoever
 * deploys. A tenant probably wants `read:client_keys` as well, to show a new client's secret ([unknown]: the local one
 * does not).
 */
export function deploymentScopes({
  connections,
  clientAuthentication,
}: Pick<ConfigValues, "connections" | "clientAuthentication">): readonly string[] {
  return [
    ...scopes(["create", "read", "update", "delete"], ["actions", "clients", "client_grants"]),
    "read:client_credentials",
    // Without `read:connections_options` the options of a connection cannot be kept.
    ...(connections.length === 0 ? [] : scopes(["read", "update"], ["connections", "connections_options"])),
    ...(clientAuthentication === "private_key_jwt"
      ? scopes(["create", "update", "delete"], ["client_credentials"])
      : []),
  ];
}

function scopes(verbs: readonly string[], entities: readonly string[]): string[] {
  return entities.flatMap((entity) => verbs.map((verb) => `${verb}:${entity}`));
}
