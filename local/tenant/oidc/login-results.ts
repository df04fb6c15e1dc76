import type { FlowResult } from "../../../sandbox/flow.ts";

/** What a flow put into the tokens of one login. */
export type LoginClaims = Pick<FlowResult, "idTokenClaims" | "accessTokenClaims">;

/** The latest flow's claims of each login, by the id of its grant, as long as the grant lives. */
export interface LoginResults {
  get: (grantId: string | undefined) => LoginClaims | undefined;
  set: (grantId: string, result: LoginClaims) => void;
}

const sweepEvery = 5000;

export function createLoginResults(lifetimeSeconds: number): LoginResults {
  // In order of their end: a result that is set again goes to the end.
  const results = new Map<string, { claims: LoginClaims; expiresAt: number }>();
  let added = 0;
  return {
    get: (grantId) => (grantId === undefined ? undefined : results.get(grantId)?.claims),
    set: (grantId, { idTokenClaims, accessTokenClaims }) => {
      results.delete(grantId);
      results.set(grantId, {
        claims: { idTokenClaims, accessTokenClaims },
        expiresAt: Date.now() + lifetimeSeconds * 1000,
      });
      added += 1;
      if (added % sweepEvery !== 0) return;
      for (const [id, { expiresAt }] of results) {
        if (expiresAt > Date.now()) break;
        results.delete(id);
      }
    },
  };
}
