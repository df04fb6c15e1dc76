import type { ActionOutcome } from "./action-outcome.ts";
import type { ActionRun, EffectKind, FlowDenial, FlowResult, SandboxAction } from "./flow.ts";

/** One Action's run, as the parent knows it. */
export interface EndedRun {
  readonly action: SandboxAction;
  readonly outcome: ActionOutcome;
  readonly durationMs: number;
  /** Where there is no answer of the Action: why. The outcome's error says it in words. */
  readonly ended?: "time-limit" | "crash";
}

/** Puts together what the Actions did, in order; of several values for one name the last wins. */
export function flowResult(runs: readonly EndedRun[]): FlowResult {
  const effects = runs.flatMap(({ action, outcome }) =>
    outcome.effects.map((effect) => ({ action: action.name, ...effect })),
  );
  const valuesOf = (kind: EffectKind): Record<string, unknown> =>
    Object.fromEntries(
      effects.filter((effect) => effect.kind === kind).map(({ name, value }) => [name, value]),
    );
  const denied = denialOf(runs.at(-1));
  const answered = runs.filter(({ ended }) => ended === undefined).map(actionRun);
  // A login that a failure of its process ends: nothing that its Actions asked for happens.
  if (denied?.cause === "crash" || denied?.cause === "time-limit") {
    return { ...emptyFlowResult(), actions: answered, denied };
  }
  const failed = denied?.cause === "error";
  return {
    actions: answered,
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

/** The result of a flow that asked for nothing: without Actions, or one that failed. */
export function emptyFlowResult(): FlowResult {
  return {
    actions: [],
    effects: [],
    idTokenClaims: {},
    accessTokenClaims: {},
    userMetadata: {},
    appMetadata: {},
    samlAttributes: {},
  };
}

function actionRun({ action, outcome, durationMs }: EndedRun): ActionRun {
  return {
    id: action.id,
    name: action.name,
    durationMs,
    console: outcome.console,
    ...(outcome.error === undefined ? {} : { error: outcome.error }),
  };
}

function denialOf(run: EndedRun | undefined): FlowDenial | undefined {
  if (!run) return undefined;
  const { outcome, ended, action } = run;
  const { error, denied } = outcome;
  if (error !== undefined)
    return { code: "access_denied", reason: error, cause: ended ?? "error", action: action.name };
  if (denied === undefined) return undefined;
  return { code: "access_denied", reason: denied, cause: "deny", action: action.name };
}
