import util from "node:util";
import vm from "node:vm";
import type { ActionRun, FlowResult } from "../flow.ts";
import type { RunMessage, SentAction } from "../messages.ts";
import { mergedResult } from "./merged-result.ts";
import type { RealmOutcome } from "./host.ts";
import { compiled, crashMessage, createRealm, messageOfError, type Realm } from "./realm.ts";
import { showMetadata } from "./show-metadata.ts";

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
