import { join } from "node:path";
import { projectRoot } from "../lib/project.ts";
import { auditEverybody } from "./bulk/audit-everybody.ts";
import {
  applyToEverybody,
  openBulkStage,
  type BulkFigures,
  type BulkScenario,
  type BulkStage,
} from "./bulk/bulk-scenario.ts";
import { askOf } from "./bulk/bulk-users.ts";
import { undoEverybody } from "./bulk/undo-everybody.ts";

const isUndo = process.argv.includes("--undo");
const isWindows = process.argv.includes("--windows");
/** What has to hold for so many database users. */
const users = Number(process.argv.slice(2).find((text) => /^\d+$/.test(text)) ?? (isUndo ? 10_000 : 100_000));
const longestMemory = 200 * 1024 * 1024;
const usersForEachRequest = 500;

/**
 * `npm run bulk-test`: `pictures apply` for 100,000 users, killed three times, then `pictures audit`. With `-- --undo`,
 * `pictures apply` for 10,000 users, then `pictures undo --run`, killed once. With `-- --windows`, a spreadsheet's file in UTF-16 with
 * semicolons and the ids of linked identities, beside a plain one. Prints figures; exits 1 where one is wrong.
 */
async function main(): Promise<void> {
  if (isWindows) {
    end(await windowsTest());
    return;
  }
  say(`Making a tenant of ${users} users.`);
  const stage = await openBulkStage(users);
  try {
    const failures = isUndo ? await undoTest(stage) : await applyTest(stage);
    end(failures);
  } finally {
    await stage.close();
  }
}

function end(failures: readonly string[]): void {
  for (const failure of failures) say(`✖ ${failure}`);
  process.exitCode = failures.length === 0 ? 0 : 1;
  say(failures.length === 0 ? "Everything holds." : `${failures.length} lines do not hold.`);
}

/** The same changes of the same users from both files: the second costs one export more, which finds the linked ids. */
async function windowsTest(): Promise<string[]> {
  const figures: BulkFigures[] = [];
  for (const file of ["plain", "windows"] as const) {
    const stage = await openBulkStage(users, true);
    try {
      figures.push(await applyToEverybody(stage, { users, command, progress: say, kills: [], file }));
    } finally {
      await stage.close();
    }
  }
  const [plain, windows] = figures as [BulkFigures, BulkFigures];
  for (const [name, found] of Object.entries({ plain, windows })) {
    say(`${name}: ${linesOf(found).slice(1).join("; ")}`);
  }
  say(windows.output.trimEnd());
  return [
    ...[...plain.wrong, ...windows.wrong],
    ...(windows.exports <= plain.exports + 1 ? [] : ["the spreadsheet's file takes more exports"]),
    ...(windows.imports <= plain.imports ? [] : ["the spreadsheet's file takes more imports"]),
    ...(windows.memory < longestMemory ? [] : ["memory is 200 MB or more"]),
  ];
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const command = [join(projectRoot, "cli/pictures.js")];

async function undoTest(stage: BulkStage): Promise<string[]> {
  const scenario: BulkScenario = { users, command, progress: say, kills: [] };
  const applied = await applyToEverybody(stage, scenario);
  // In the middle of the undo: apply sends about as many files.
  const number = applied.imports + Math.max(1, Math.ceil(applied.imports / 2));
  const kill = { what: "import", number, afterMs: 100 } as const;
  const undone = await undoEverybody(stage, scenario, applied, kill);
  say(undone.output.trimEnd());
  say(
    `apply of ${users} users in ${applied.seconds.toFixed(0)} s, ${megabytes(applied.memory)} resident at most`,
  );
  say(
    `undo in ${undone.seconds.toFixed(0)} s, with ${undone.kills} kill, ${megabytes(undone.memory)} resident at most`,
  );
  say(`${undone.requests} API calls; in the report: ${JSON.stringify(undone.outcomes)}`);
  const memory = undone.memory < longestMemory ? [] : ["undo takes 200 MB or more"];
  return [...applied.wrong, ...undone.failures, ...memory];
}

async function applyTest(stage: BulkStage): Promise<string[]> {
  const files = Math.ceil(users / 2000);
  const at = (part: number) => Math.max(1, Math.floor(files * part));
  const scenario: BulkScenario = {
    users,
    command,
    progress: say,
    kills: [
      { what: "import", number: at(0.25), afterMs: 0, isLost: true },
      { what: "import", number: at(0.5), afterMs: 150 },
      { what: "export", number: at(0.4), afterMs: 400 },
    ],
  };
  const figures = await applyToEverybody(stage, scenario);
  const audit = await auditEverybody(stage, scenario, figures);
  for (const line of linesOf(figures)) say(line);
  say(`audit in ${audit.seconds.toFixed(0)} s, ${megabytes(audit.memory)} resident at most`);
  const memory = audit.memory < longestMemory ? [] : ["audit takes 200 MB or more"];
  return [...failuresOf(figures), ...audit.failures, ...memory];
}

function linesOf(figures: BulkFigures): string[] {
  return [
    figures.output.trimEnd(),
    `${users} users in ${figures.seconds.toFixed(0)} s, with ${figures.kills} kills`,
    `${figures.requests - figures.requestsOfOne} API calls (${figures.exports} exports, ${figures.imports} imports), and ${figures.requestsOfOne} for blocks and whoever takes no import`,
    `${megabytes(figures.memory)} resident at most`,
    `${figures.sentAgain} users sent again, ${figures.sentTwice} of them in no file in flight`,
    `${Object.keys(figures.notes).length} users changed and ${figures.deleted.length} deleted by others meanwhile`,
    `${figures.wrongUsers} users wrong`,
  ];
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MB`;
}

/** Each is read, written, and read; a few more are for users who are gone. */
function requestsOfBlocks(): number {
  const blocks = Array.from({ length: users }, (_, number) => askOf(number)).filter(
    ({ action }) => action === "block",
  );
  return blocks.length * 3 + 100;
}

function failuresOf(figures: BulkFigures): string[] {
  const failures = [...figures.wrong];
  const check = (holds: boolean, failure: string) => {
    if (!holds) failures.push(failure);
  };
  check(
    figures.exitCode === (figures.deleted.length > 0 ? 2 : 0),
    `apply ended with ${String(figures.exitCode)}`,
  );
  check(figures.kills === 3, "it was not killed three times");
  check(figures.memory > 0 && figures.memory < longestMemory, "memory is 200 MB or more");
  check(
    (figures.requests - figures.requestsOfOne) * usersForEachRequest < users,
    `more than one API call for ${usersForEachRequest} users who are not blocked`,
  );
  check(figures.requestsOfOne < requestsOfBlocks(), "more than three API calls for a block");
  check(figures.sentAgain > 0, "nobody was sent again though an import got lost");
  check(figures.sentTwice === 0, "users were sent again who were in no file in flight");
  check(figures.unhandled === 0, "the tenant did not know a request");
  return failures;
}

void main();
