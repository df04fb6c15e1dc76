import { isolation } from "../sandbox/isolation.ts";
import type { AttemptResult } from "./sandbox/attacks/attempt.ts";
import { attemptGroups } from "./sandbox/attacks/attempt-groups.ts";

/** `npm run attack`: every attempt to get out of the sandbox, what refused it, and how many there were; 1 where one succeeded. */
async function main(): Promise<void> {
  const { layers } = isolation();
  const there = Object.entries(layers).map(([layer, is]) => `${is ? "" : "no "}${layer}`);
  say(
    `Node ${process.versions.node}, ${process.getuid?.() === 0 ? "as root" : "as a user"}: ${there.join(", ")}`,
  );
  const all: AttemptResult[] = [];
  for (const { name, run } of attemptGroups()) {
    say(`\n${name}`);
    for (const result of await run()) {
      all.push(result);
      say(
        `  ${result.outcome.padEnd(9)}  ${refusedBy(result).padEnd(20)}  ${result.attempt}: ${shown(result.words)}`,
      );
    }
  }
  const count = (outcome: AttemptResult["outcome"]): number =>
    all.filter((one) => one.outcome === outcome).length;
  process.exitCode = count("succeeded") === 0 ? 0 : 1;
  say(`\n${count("refused")} attempts refused, ${count("succeeded")} succeeded, ${count("skipped")} skipped`);
}

/** By what is said: the first layer that such an attempt runs into. */
const layerWords: readonly (readonly [layer: string, words: RegExp])[] = [
  [
    "Node's permissions",
    /Access to this API has been restricted|addons is disabled|^process\.binding$|disabled/,
  ],
  [
    "the kernel's limits",
    /EMFILE|EAGAIN|code -24|cannot open shared|ut of memory|malloc failure|llocation failed|llocate memory/,
  ],
  ["namespaces", /ENOENT|ENETUNREACH|ECONNREFUSED|EROFS|Cannot find module|(code|status) -/],
  ["the parent", /more than .* MB|took longer|was heard|asked for|answer|process ended|memory grew/],
];

function refusedBy({ outcome, words }: AttemptResult): string {
  if (outcome !== "refused") return "";
  return layerWords.find(([, pattern]) => pattern.test(words))?.[0] ?? "the closed process";
}

function shown(words: string): string {
  return words.replace(/[^\x20-\x7e]+/g, " ").slice(0, 100);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
