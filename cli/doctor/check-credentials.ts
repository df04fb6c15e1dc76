import { findCredentials } from "../credentials/find-credentials.ts";
import type { Check } from "./check.ts";
import { ok, skipped } from "./finding.ts";

/** There are Auth0 credentials, and they are the stack's tenant's. */
export const checkCredentials: Check = {
  name: "credentials",
  run: async ({ stack, env, pulumi }, facts) => {
    if (facts.config === undefined) return skipped("The configuration does not say which tenant it is");
    const { auth0Domain: domain } = facts.config.config;
    const credentials = await findCredentials({ stack, domain }, env, pulumi);
    facts.credentials = credentials;
    const who = "token" in credentials.proof ? "a token" : `client ${credentials.proof.clientId}`;
    return ok(
      `${who} from ${credentials.source === "stack outputs" ? "the stack's outputs" : credentials.source}`,
    );
  },
};
