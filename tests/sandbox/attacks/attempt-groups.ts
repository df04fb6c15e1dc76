import { mapConcurrently } from "../../../lib/concurrency.ts";
import { isolation, type Layers } from "../../../sandbox/isolation.ts";
import { runAsActions } from "./action-run.ts";
import type { Attempt, AttemptGroup, AttemptResult, DoorAttempt } from "./attempt.ts";
import { doorAttempts } from "./doors.ts";
import { runExcess } from "./excess-run.ts";
import { afterwardAttempts, memoryAttempts, timeAttempts } from "./excess.ts";
import { hostilePrograms } from "./hostile-programs.ts";
import { runHostile } from "./hostile-run.ts";
import { runInLayer, type OneLayer, type Tried } from "./layer-run.ts";
import { runLeftovers } from "./leftover-run.ts";
import { leftovers } from "./leftovers.ts";
import { reachAttempts } from "./reach.ts";
import { openTargets, type Targets } from "./targets.ts";

/** All attempts, in the order in which they are made. */
export function attemptGroups(): readonly AttemptGroup[] {
  return [
    group("An Action reaches for Node and the world", reachAttempts, reach),
    ...(["permissions", "networkPermission", "limits", "namespaces"] as const).map(doorGroup),
    group("A hostile program has the pipes", hostilePrograms, hostile),
    group("An Action takes memory", memoryAttempts, (attempts, targets) =>
      runExcess("memory", attempts, targets),
    ),
    group("An Action takes time", timeAttempts, (attempts, targets) => runExcess("time", attempts, targets)),
    group("An Action works on after its login", afterwardAttempts, (attempts, targets) =>
      runExcess("afterwards", attempts, targets),
    ),
    group("A flow leaves something to another one", leftovers, runLeftovers),
  ];
}

function group<One extends { readonly name: string }>(
  name: string,
  attempts: readonly One[],
  run: (attempts: readonly One[], targets: Targets) => Promise<readonly AttemptResult[]>,
): AttemptGroup {
  return {
    name,
    attempts: attempts.map((attempt) => attempt.name),
    run: async () => {
      const targets = await openTargets();
      try {
        return await run(attempts, targets);
      } finally {
        await targets.close();
      }
    },
  };
}

async function reach(attempts: readonly Attempt[], targets: Targets): Promise<AttemptResult[]> {
  const control = await controlOf(attempts, targets);
  const tried = await runAsActions(attempts, targets);
  return tried.map((one) => control(one.name) ?? resultOf(one));
}

const layerTitles: Readonly<Record<keyof Layers, string>> = {
  permissions: "Code that has everything stands before Node's permissions alone",
  networkPermission: "Code that has everything stands before Node's permission for the network alone",
  limits: "Code that has everything stands before the kernel's limits alone",
  namespaces: "Code that has everything stands in the kernel's namespaces alone",
};

const runsIn: Readonly<Record<keyof Layers, OneLayer>> = {
  permissions: "permissions",
  networkPermission: "permissions",
  limits: "limits",
  namespaces: "namespaces",
};

function doorGroup(layer: keyof Layers): AttemptGroup {
  const closed: readonly DoorAttempt[] = doorAttempts.filter(({ closedBy }) => closedBy.includes(layer));
  return group(layerTitles[layer], closed, async (attempts, targets) => {
    if (!isolation().layers[layer]) {
      return attempts.map(({ name }) => ({
        attempt: name,
        outcome: "skipped",
        words: "not a layer of this machine",
      }));
    }
    const control = await controlOf(attempts, targets);
    const tried = await runInLayer(runsIn[layer], attempts, targets);
    return tried.map((one) => control(one.name) ?? resultOf(one));
  });
}

/** What a plain Node says to code that it does not have anything for. */
const unknownToNode =
  /is not a function|No such built-in module|is not a constructor|is not defined|not a valid|Cannot read properties of undefined/;

/**
 * Without any layer each attempt has to succeed: else it would show nothing.
 *
 * @returns The result of an attempt that is out of the question: undefined for all that have their control.
 */
async function controlOf(
  attempts: readonly Attempt[],
  targets: Targets,
): Promise<(name: string) => AttemptResult | undefined> {
  const needed = attempts.filter(({ noControl }) => noControl !== true);
  const tried = await runInLayer("none", needed, targets);
  const failed = new Map(
    tried.filter(({ got }) => got === undefined).map(({ name, words }) => [name, words]),
  );
  return (attempt) => {
    const words = failed.get(attempt);
    if (words === undefined) return undefined;
    return unknownToNode.test(words)
      ? { attempt, outcome: "skipped", words: `this Node does not have it: ${words}` }
      : {
          attempt,
          outcome: "succeeded",
          words: `it shows nothing, since it fails without any layer: ${words}`,
        };
  };
}

function resultOf({ name, got, words }: Tried): AttemptResult {
  return { attempt: name, outcome: got === undefined ? "refused" : "succeeded", words: got ?? words };
}

async function hostile(programs: typeof hostilePrograms): Promise<AttemptResult[]> {
  const results: AttemptResult[] = [];
  for await (const result of mapConcurrently(programs, 3, runHostile)) results.push(result);
  return results;
}
