/**
 * `npm run mirror-test`: `pictures mirror` for 10,000 users of six providers, killed three times, once more with nothing changed, and a
 * prune. One provider answers 429 now and then, one 403 for half, one is down, one sends 30 MB, one redirects to a private address, one
 * gives base64. With `-- --preview`, the dry run over a million users. Prints figures; exits 1 where one is wrong.
 */
import { previewUsers } from "./mirror/preview-users.ts";
import { mirrorEverybody, openMirrorStage } from "./mirror/mirror-scenario.ts";

const isPreview = process.argv.includes("--preview");
const named = process.argv.slice(2).find((text) => /^\d+$/.test(text));
const users = Number(named ?? (isPreview ? 1_000_000 : 10_000));
const megabyte = 1024 * 1024;
const bounds = { memory: 250 * megabyte, previewMemory: 300 * megabyte, previewSeconds: 600 };

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function preview(): Promise<void> {
  const { seconds, memory, counts } = await previewUsers(users);
  say(
    `dry run over ${users} users in ${seconds.toFixed(0)} s, ${(memory / megabyte).toFixed(0)} MB resident at most`,
  );
  end([
    ...(counts["copied"] === users ? [] : [`counted ${JSON.stringify(counts)}`]),
    ...(seconds < bounds.previewSeconds ? [] : ["it takes 10 minutes or more"]),
    ...(memory < bounds.previewMemory ? [] : ["memory is 300 MB or more"]),
  ]);
}

function end(failures: readonly string[]): void {
  for (const failure of failures) say(`✖ ${failure}`);
  process.exitCode = failures.length === 0 ? 0 : 1;
  say(failures.length === 0 ? "Everything holds." : `${failures.length} lines do not hold.`);
}

async function main(): Promise<void> {
  if (isPreview) return preview();
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
    const failures = [...found, ...(memory < bounds.memory ? [] : ["memory is 250 MB or more"])];
    say(output.trimEnd());
    for (const [name, { requests, atOnce }] of Object.entries(asked))
      say(`${name}: ${requests} requests, ${atOnce} at once at most`);
    say(
      `${users} users in ${seconds.toFixed(0)} s, with ${kills} kills; ${(memory / megabyte).toFixed(0)} MB resident at most; ` +
        `${orphans} objects of killed runs, which prune deleted`,
    );
    end(failures);
  } finally {
    await stage.close();
  }
}

void main();
