import { isDeepStrictEqual } from "node:util";
import { Command, InvalidArgumentError } from "commander";
import fc from "fast-check";
import { runMain } from "../cli/run-command.ts";
import { decide } from "../policy/decide.ts";
import { readPath } from "../policy/login.ts";
import type { PictureSettings } from "../policy/settings.ts";
import { loginThroughBundles } from "./actions/run-bundle.ts";
import { arbitraryEvent, arbitrarySettings } from "./policy/arbitrary-login.ts";
import { brokenPromise } from "./policy/invariant.ts";
import { restate } from "./policy/restatement.ts";

/** Logins that are made from one seed: few, so that the rerun of a difference takes a moment. */
const chunkSize = 10_000;
/** Settings of one chunk: each takes a deployment of its own. */
const settingsPerChunk = 50;
const shownFailures = 5;
const shownLength = 2000;

interface Tally {
  differences: number;
  throws: number;
  broken: number;
  readonly reasons: Map<string, number>;
}

/** Settings with the Actions that are deployed by them. */
interface World {
  readonly settings: PictureSettings;
  readonly login: ReturnType<typeof loginThroughBundles>;
}

type Login = readonly [event: unknown, world: World];

/** Everything that is checked of one login; the text tells what is wrong. */
async function examine([event, { settings, login }]: Login, tally: Tally): Promise<string | undefined> {
  const expected = restate(event, settings);
  let decided: unknown;
  let claim: string | undefined;
  try {
    decided = decide(event, settings);
    ({ claim } = await login(event));
  } catch (error) {
    tally.throws++;
    return `exception: ${String(error)}`;
  }
  const { reason } = expected;
  tally.reasons.set(reason, (tally.reasons.get(reason) ?? 0) + 1);
  if (!isDeepStrictEqual(decided, expected) || (claim ?? null) !== expected.claim) {
    tally.differences++;
    return `difference: restated ${fc.stringify(expected)}, decided ${fc.stringify(decided)}, the Actions' claim ${fc.stringify(claim)}`;
  }
  if (reason === "not-asked" || reason === "off") return undefined;
  const broken = brokenPromise(claim ?? readPath(event, "user", "picture"), settings);
  if (broken !== undefined) tally.broken++;
  return broken && `promise broken: ${broken}`;
}

function report(failure: string, [event, { settings }]: Login, seed: number, runs: number): void {
  console.log(failure.slice(0, shownLength));
  console.log(`  login: ${fc.stringify([event, settings]).slice(0, shownLength)}`);
  console.log(`  again: npm run fuzz -- --seed ${seed} --runs ${runs}`);
}

/** @param seed A 32-bit integer, as fast-check's seeds are. */
function loginsOf(seed: number, numRuns: number): Login[] {
  const worlds = fc.sample(arbitrarySettings, { seed, numRuns: settingsPerChunk }).map((settings) => {
    return { settings, login: loginThroughBundles(settings) };
  });
  return fc.sample(fc.tuple(arbitraryEvent, fc.constantFrom(...worlds)), { seed, numRuns });
}

async function fuzz(runs: number, firstSeed: number): Promise<Tally> {
  const tally: Tally = { differences: 0, throws: 0, broken: 0, reasons: new Map() };
  const progressEvery = Math.max(chunkSize, Math.ceil(runs / 10 / chunkSize) * chunkSize);
  for (let done = 0; done < runs; done += chunkSize) {
    if (done > 0 && done % progressEvery === 0) console.log(`${done} of ${runs} runs`);
    const seed = (firstSeed + done / chunkSize) | 0;
    for (const [index, login] of loginsOf(seed, Math.min(chunkSize, runs - done)).entries()) {
      const failure = await examine(login, tally);
      if (failure === undefined || tally.differences + tally.throws + tally.broken > shownFailures) continue;
      report(failure, login, seed, index + 1);
    }
  }
  return tally;
}

function integer(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`Give an integer that is at least ${least}.`);
  };
}

/** `npm run fuzz`: the policy and the deployed Actions on as many arbitrary logins as wanted. */
const command = new Command("fuzz")
  .description(
    "Compares the policy and the deployed Actions with the policy's restatement on arbitrary logins, and checks the promise " +
      "about every picture that is shown; exits 1 where something is wrong.",
  )
  .option("--runs <n>", "how many logins", integer(1), 100_000)
  .option(
    "--seed <n>",
    "what the logins are made from; the same seed makes the same logins",
    integer(-(2 ** 31)),
  )
  .addHelpText("after", "\nExample: npm run fuzz -- --runs 1000000")
  .action(async ({ runs, seed = Date.now() % 2 ** 31 }: { runs: number; seed?: number }) => {
    console.log(`seed ${seed}`);
    const { differences, throws, broken, reasons } = await fuzz(runs, seed);
    for (const [reason, count] of [...reasons].sort(([, a], [, b]) => b - a)) {
      console.log(`${String(count).padStart(9)} ${reason}`);
    }
    console.log(`${runs} runs: ${differences} differ, ${throws} throw, ${broken} break the promise`);
    if (differences + throws + broken > 0) process.exitCode = 1;
  });

runMain(command);
