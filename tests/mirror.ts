/**
 * `npm run mirror-test`: `pictures mirror` for 10,000 users of six providers, killed three times, once more with nothing changed, and a
 * prune. One provider answers 429 now and then, one 403 for half, one is down, one sends 30 MB, one redirects to a private address, one
 * gives base64. Prints figures; exits 1 where one is wrong.
 */
import { mirrorEverybody, openMirrorStage } from "./mirror/mirror-scenario.ts";

const users = Number(process.argv[2] ?? 10_000);
const longestMemory = 250 * 1024 * 1024;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<void> {
  const stage = await openMirrorStage(users, say);
  try {
    const {
      failures: found,
      memory,
      kills,
      seconds,
      orphans,
      output,
      asked,
    } = await mirrorEverybody(stage, say);
    const failures = [...found, ...(memory < longestMemory ? [] : ["memory is 250 MB or more"])];
    say(output.trimEnd());
    for (const [name, { requests, atOnce }] of Object.entries(asked))
      say(`${name}: ${requests} requests, ${atOnce} at once at most`);
    say(
      `${users} users in ${seconds.toFixed(0)} s, with ${kills} kills; ${(memory / 1024 / 1024).toFixed(0)} MB resident at most; ` +
        `${orphans} objects of killed runs, which prune deleted`,
    );
    for (const failure of failures) say(`✖ ${failure}`);
    process.exitCode = failures.length === 0 ? 0 : 1;
    say(failures.length === 0 ? "Everything holds." : `${failures.length} lines do not hold.`);
  } finally {
    await stage.close();
  }
}

void main();
