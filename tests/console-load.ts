/**
 * The queue of pictures to judge over a tenant with 100,000 users, half of them with an own picture: once by search alone, and once
 * with 3,000 users who were changed at one instant, so that it takes an export. Then both where all of them have one. Prints
 * figures; exits 1 where one is wrong. With `-- N`, over N users.
 */
import { walkQueue } from "./console/load-scenario.ts";
import { walkServedConsole } from "./console/served-console.ts";

const named = process.argv.slice(2).find((text) => /^\d+$/.test(text));
const users = Number(named ?? 100_000);
const megabyte = 1024 * 1024;
const bounds = { firstMs: 1000, nextMs: 100, memory: 200 * megabyte };

/** Cards that a moderator comes to look at. */
const judgedInADay = 3000;

async function main(): Promise<void> {
  const many = Math.round(users * 0.03);
  const loads = ([2, 1] as const).flatMap((ownEvery) => [
    { users, ownEvery, sameInstant: 0 },
    { users, ownEvery, sameInstant: many },
  ]);
  for (const load of loads) {
    const figures = await walkQueue(load);
    const { failures: found, firstMs, nextMs, walkMs, memory, users: given, way, exportReason } = figures;
    const failures = [
      ...found,
      ...(firstMs < bounds.firstMs ? [] : ["the first page takes a second or more"]),
      ...(nextMs < bounds.nextMs ? [] : ["a next page is not there at once"]),
      ...(memory < bounds.memory ? [] : ["memory is 200 MB or more"]),
      ...(way === (load.sameInstant > 1000 ? "export" : "search") ? [] : [`the way is ${way}`]),
    ];
    say(
      `${given} of ${users} users by ${way}${exportReason === undefined ? "" : ` (${exportReason})`}: first page ` +
        `${firstMs.toFixed(0)} ms, next pages ${nextMs.toFixed(1)} ms at most, everybody ${(walkMs / 1000).toFixed(1)} s, ` +
        `${(memory / megabyte).toFixed(0)} MB resident at most`,
    );
    for (const failure of failures) say(`✖ ${failure}`);
    if (failures.length > 0) process.exitCode = 1;
  }
  await loadServed();
  say(process.exitCode === 1 ? "Not everything holds." : "Everything holds.");
}

/** The console's beginning, as a browser finds it: everybody has an own picture. */
async function loadServed(): Promise<void> {
  const { firstMs, nextMs, cards, memory } = await walkServedConsole(
    { users, ownEvery: 1, sameInstant: 0 },
    judgedInADay,
  );
  say(
    `pictures console: first page ${firstMs.toFixed(0)} ms, next pages ${nextMs.toFixed(0)} ms at most, ${cards} cards, ` +
      `${(memory / megabyte).toFixed(0)} MB resident at most`,
  );
  const failures = [
    ...(cards >= Math.min(judgedInADay, users) ? [] : [`only ${cards} cards were given`]),
    ...(firstMs < bounds.firstMs ? [] : ["the first page takes a second or more"]),
    ...(memory < bounds.memory ? [] : ["memory is 200 MB or more"]),
  ];
  for (const failure of failures) say(`✖ ${failure}`);
  if (failures.length > 0) process.exitCode = 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

void main();
