import util from "node:util";
import vm from "node:vm";
import type { ActionRun, EffectKind, FlowDenial, FlowResult, RunMessage, SentAction } from "../flow.ts";
import type { RealmOutcome } from "./host.ts";
import { compiled, crashMessage, createRealm, messageOfError, showMetadata, type Realm } from "./realm.ts";

const maxLines = 100;
const maxLineLength = 1000;

export interface FlowRunner {
  run: (message: RunMessage, onStart: (index: number) => void) => Promise<FlowResult>;
  /** The result of the flow under way, ended by an error outside of any promise, such as in a timer's callback. */
  crashedResult: (error: unknown) => FlowResult | undefined;
}

/** What is under way: one flow at a time. */
interface Progress {
  runs: ActionRun[];
  outcomes: RealmOutcome[];
  lines: string[];
  current?: SentAction;
  startedAt: number;
}

export function createFlowRunner(): FlowRunner {
  const scripts = new Map<string, vm.Script | Error>();
  let progress: Progress | undefined;

  return {
    run: async (message, onStart) => {
      addScripts(scripts, message);
      const current: Progress = { runs: [], outcomes: [], lines: [], startedAt: 0 };
      progress = current;
      const realm = createRealm((values) => keepLine(current.lines, util.format(...values)));
      try {
        await runActions(message, current, (action, eventJson, index) => {
          onStart(index);
          return runAction(realm, scripts.get(action.codeHash), eventJson);
        });
        return mergedResult(current.runs, current.outcomes);
      } finally {
        realm.clearTimers();
        progress = undefined;
      }
    },
    crashedResult: (error) => {
      if (!progress?.current) return undefined;
      endAction(progress, { effects: [], error: crashMessage(error) });
      return mergedResult(progress.runs, progress.outcomes);
    },
  };
}

async function runActions(
  { actions, event }: RunMessage,
  progress: Progress,
  runOne: (action: SentAction, eventJson: string, index: number) => Promise<RealmOutcome>,
): Promise<void> {
  const shared = JSON.parse(event) as { user?: Record<string, unknown> };
  for (const [index, action] of actions.entries()) {
    progress.current = action;
    progress.startedAt = performance.now();
    const outcome = await runOne(action, JSON.stringify({ ...shared, secrets: action.secrets }), index);
    endAction(progress, outcome);
    if (outcome.error !== undefined || outcome.denied !== undefined) return;
    showMetadata(shared, outcome);
  }
}

function endAction(progress: Progress, outcome: RealmOutcome): void {
  const { current, lines, startedAt } = progress;
  if (!current) return;
  const run: ActionRun = {
    id: current.id,
    name: current.name,
    durationMs: performance.now() - startedAt,
    console: lines.splice(0),
    ...(outcome.error === undefined ? {} : { error: outcome.error }),
  };
  progress.runs.push(run);
  progress.outcomes.push(outcome);
  delete progress.current;
}

function addScripts(scripts: Map<string, vm.Script | Error>, { newCode, actions }: RunMessage): void {
  for (const [hash, code] of Object.entries(newCode)) {
    const name = actions.find((action) => action.codeHash === hash)?.name ?? "action";
    scripts.set(hash, compiled(code, name));
  }
}

async function runAction(
  realm: Realm,
  script: vm.Script | Error | undefined,
  eventJson: string,
): Promise<RealmOutcome> {
  try {
    if (!(script instanceof vm.Script)) throw script ?? new Error("The Action's code did not arrive.");
    const loaded = realm.load(script);
    return JSON.parse(await realm.actionRealm.run(loaded, eventJson)) as RealmOutcome;
  } catch (error) {
    return { effects: [], error: messageOfError(error) };
  }
}

function keepLine(lines: string[], line: string): void {
  if (lines.length < maxLines) lines.push(line.slice(0, maxLineLength));
}

/** Puts together what the Actions did, in order; of several values for one name the last wins. */
function mergedResult(runs: ActionRun[], outcomes: RealmOutcome[]): FlowResult {
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
