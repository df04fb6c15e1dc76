import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { createLoginClient } from "../../local/login/login.ts";
import type { Tenant } from "../../tenant/create-tenant.ts";

/** Logs a user in at a tenant, to see which code a login runs. */
export interface LoginProbe {
  /**
   * Resolves once a login ran code with that mark, with the time at which it ended (`performance.now()`), or once it is
   * told to stop waiting.
   */
  readonly untilLoginRuns: (mark: string, stopping: AbortSignal) => Promise<number>;
  readonly close: () => Promise<void>;
}

const userId = "auth0|bench";

/** How often the tenant is looked at, in milliseconds: it is in this process, so a look costs next to nothing. */
const lookEveryMs = 5;

export async function loginProbe(tenant: Tenant, caFile: string): Promise<LoginProbe> {
  const redirectUri = "https://bench.invalid/callback";
  const { client_id: clientId } = tenant.clients.create({
    name: "Bench",
    app_type: "spa",
    token_endpoint_auth_method: "none",
    grant_types: ["authorization_code"],
    callbacks: [redirectUri],
  });
  tenant.users.create({ user_id: userId, name: "Bench", email: "bench@example.com", email_verified: true });
  const client = await createLoginClient({ domain: tenant.domain, caFile, clientId, redirectUri });
  return {
    untilLoginRuns: async (mark, stopping) => {
      // Logging in again and again would take time from what is measured.
      while (!tenant.flowCode().some((code) => code.includes(`"${mark}"`))) {
        if (stopping.aborted) return performance.now();
        await sleep(lookEveryMs);
      }
      const { idTokenClaims } = await client.login({ userId });
      if (idTokenClaims[markClaim] === mark) return performance.now();
      throw new Error(`A login ran ${String(idTokenClaims[markClaim])}, not ${mark}.`);
    },
    close: () => client.close(),
  };
}

/** The claim in which a login says which code it ran. */
const markClaim = "https://bench.invalid/code";

const formerMark = /^[ \t]*api\.idToken\.setCustomClaim\("https:\/\/bench\.invalid\/code".*\n/gm;
const handler = /^.*onExecutePostLogin.*=> \{\n/m;

/** An Action, as its source or as it is deployed, whose logins say `mark`; a former mark goes. */
export function marked(code: string, mark: string): string {
  const marking = `  api.idToken.setCustomClaim(${JSON.stringify(markClaim)}, ${JSON.stringify(mark)});\n`;
  const result = code.replace(formerMark, "").replace(handler, (line) => line + marking);
  if (!result.includes(marking)) throw new Error("The Action's code has no place for the mark.");
  return result;
}

/** The mark of code that has one. */
export function markOf(code: string): string | undefined {
  return /^[ \t]*api\.idToken\.setCustomClaim\("https:\/\/bench\.invalid\/code", "([^"]+)"/m.exec(code)?.[1];
}
