import type { ActionRun, EffectKind, FlowDenial, FlowResult } from "../flow.ts";
import type { RealmOutcome } from "./host.ts";

/** Puts together what the Actions did, in order; of several values for one name the last wins. */
export function mergedResult(runs: ActionRun[], outcomes: RealmOutcome[]): FlowResult {
  const effects = outcomes.flatMap((outcome, index) =>
    outcome.effects.map((effect) => ({ action: runs[index]?.name ?? "", ...effect })),
  );
  const valuesOf = (kind: EffectKind): Record<string, unknown> =>
    Object.fromEntries(
      effects.filter((effect) => effect.kind === kind).map(({ name, value }) => [name, value]),
    );
  const denied = denialOf(runs.at(-1), outcomes.at(-1));
  const failed = denied?.cause === "error";
  return {
    actions: runs,
    effects,
    idTokenClaims: valuesOf("idToken.setCustomClaim"),
    accessTokenClaims: valuesOf("accessToken.setCustomClaim"),
    // What a failed flow does with metadata that was set before is not documented: nothing is the careful choice.
    userMetadata: failed ? {} : valuesOf("user.setUserMetadata"),
    appMetadata: failed ? {} : valuesOf("user.setAppMetadata"),
    samlAttributes: valuesOf("samlResponse.setAttribute"),
    ...(denied ? { denied } : {}),
  };
}

function denialOf(run: ActionRun | undefined, outcome: RealmOutcome | undefined): FlowDenial | undefined {
  if (!run || !outcome) return undefined;
  const { error, denied } = outcome;
  if (error !== undefined) return { code: "access_denied", reason: error, cause: "error", action: run.name };
  if (denied === undefined) return undefined;
  return { code: "access_denied", reason: denied, cause: "deny", action: run.name };
}
