import { scopesOf } from "../../infra/client-capabilities.ts";
import type { ConfigValues } from "../../infra/config-keys.ts";
import { deploymentScopes } from "../../infra/deployment-scopes.ts";
import type { CredentialSource } from "../credentials/management-credentials.ts";
import type { Check } from "./check.ts";
import { ok, problem, skipped } from "./finding.ts";

/** The token may do what it is there for. */
export const checkScopes: Check = {
  name: "scopes",
  run: (_surroundings, { access, credentials, config }) => {
    if (access === undefined || credentials === undefined || config === undefined) {
      return Promise.resolve(skipped("There is no token to look at"));
    }
    const { scopes, purpose, remedy } = needs(credentials.source, config.config);
    const missing = scopes.filter((scope) => !access.scopes.includes(scope));
    const finding =
      missing.length === 0
        ? ok(`enough to ${purpose}`)
        : problem(
            `Too few to ${purpose}: ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing`,
            remedy,
          );
    return Promise.resolve(finding);
  },
};

/** `AUTH0_*` are those that deploy; the others are those of the client that the stack created. */
function needs(
  source: CredentialSource,
  config: ConfigValues,
): { readonly scopes: readonly string[]; readonly purpose: string; readonly remedy: string } {
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
