import { scopesOf } from "../../infra/client-capabilities.ts";
import type { ConfigValues } from "../../infra/config-keys.ts";
import { deploymentScopes } from "../../infra/deployment-scopes.ts";
import type { CredentialSource } from "../credentials/management-credentials.ts";
import type { Check } from "./check.ts";
import { ok, problem, skipped, type Finding } from "./finding.ts";
import { runnableCommands } from "./runnable-commands.ts";

/** The token may do what it is there for. */
export const checkScopes: Check = {
  name: "scopes",
  run: (_surroundings, { access, credentials, config }) => {
    if (access === undefined || credentials === undefined || config === undefined) {
      return Promise.resolve(skipped("There is no token to look at"));
    }
    const { scopes } = access;
    return Promise.resolve(
      credentials.source === "PICTURES_*"
        ? ownClientFinding(scopes)
        : neededFinding(scopes, needs(credentials.source, config.config)),
    );
  },
};

/** What somebody gave their own client is theirs to decide: it is only said what comes of it. */
function ownClientFinding(scopes: readonly string[]): Finding {
  const { commands, lacking } = runnableCommands(scopes);
  const lacks = lacking.map((entry) => `${entry.capability} (${entry.scopes.join(", ")})`).join(", ");
  if (commands.length === 0) {
    return problem(
      `Enough for no command; it lacks, for capability ${lacks}`,
      "give the client the scopes of what its people do (docs/people.md, Without access to Pulumi)",
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
    purpose: `use the capabilities ${capabilities.join(", ")}`,
    remedy: "pulumi up --refresh puts the client's grant right; or change config key capabilities",
  };
}
