import { Command, InvalidArgumentError } from "commander";
import fc from "fast-check";
import { isDeepStrictEqual } from "node:util";
import { runMain } from "../cli/run-main.ts";
import { decide } from "../policy/decide.ts";
import { arbitraryLogin } from "./policy/arbitrary-login.ts";
import { restate } from "./policy/restatement.ts";

/** Logins that are made from one seed: few, so that the rerun of a difference takes a moment. */
const chunkSize = 10_000;
const shownFailures = 5;
const shownLength = 2000;

interface Tally {
  differences: number;
  throws: number;
  readonly reasons: Map<string, number>;
}

type Login = typeof arbitraryLogin extends fc.Arbitrary<infer T> ? T : never;

/** Compares the policy with its restatement on one login; the text tells a difference or an exception. */
function examine([event, settings]: Login, tally: Tally): string | undefined {
  const expected = restate(event, settings);
  try {
    const decision = decide(event, settings);
    tally.reasons.set(decision.reason, (tally.reasons.get(decision.reason) ?? 0) + 1);
    if (isDeepStrictEqual(decision, expected)) return undefined;
    tally.differences++;
    return `difference: decided ${fc.stringify(decision)}, restated ${fc.stringify(expected)}`;
  } catch (error) {
    tally.throws++;
    return `exception: ${String(error)}`;
  }
}

function report(failure: string, login: Login, seed: number, runs: number): void {
  console.log(failure.slice(0, shownLength));
  console.log(`  login: ${fc.stringify(login).slice(0, shownLength)}`);
  console.log(`  again: npm run fuzz -- --seed ${seed} --runs ${runs}`);
}

function fuzz(runs: number, firstSeed: number): Tally {
  const tally: Tally = { differences: 0, throws: 0, reasons: new Map() };
  const progressEvery = Math.max(chunkSize, Math.ceil(runs / 10 / chunkSize) * chunkSize);
  for (let done = 0; done < runs; done += chunkSize) {
    if (done > 0 && done % progressEvery === 0) console.log(`${done} of ${runs} runs`);
    // fast-check's seeds are 32-bit integers.
    const seed = (firstSeed + done / chunkSize) | 0;
    const logins = fc.sample(arbitraryLogin, { seed, numRuns: Math.min(chunkSize, runs - done) });
    for (const [index, login] of logins.entries()) {
      const failure = examine(login, tally);
      if (failure === undefined || tally.differences + tally.throws > shownFailures) continue;
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

/** `npm run fuzz`: the policy against its restatement on as many arbitrary logins as wanted. */
const command = new Command("fuzz")
  .description("Compares the policy with its restatement on arbitrary logins; exits 1 where they differ.")
  .option("--runs <n>", "how many logins", integer(1), 100_000)
  .option(
    "--seed <n>",
    "what the logins are made from; the same seed makes the same logins",
    integer(-(2 ** 31)),
  )
  .addHelpText("after", "\nExample: npm run fuzz -- --runs 1000000")
  .action(({ runs, seed = Date.now() % 2 ** 31 }: { runs: number; seed?: number }) => {
    console.log(`seed ${seed}`);
    const { differences, throws, reasons } = fuzz(runs, seed);
    for (const [reason, count] of [...reasons].sort(([, a], [, b]) => b - a)) {
      console.log(`${String(count).padStart(9)} ${reason}`);
    }
    console.log(`${runs} runs, ${differences} differences, ${throws} throws`);
    if (differences + throws > 0) process.exitCode = 1;
  });

runMain(command);
