import { join } from "node:path";
import { projectRoot } from "../lib/project.ts";
import { auditEverybody } from "./bulk/audit-everybody.ts";
import {
  applyToEverybody,
  openBulkStage,
  type BulkFigures,
  type BulkScenario,
} from "./bulk/bulk-scenario.ts";

/** What has to hold for so many database users. */
const users = Number(process.argv[2] ?? 100_000);
const longestMemory = 200 * 1024 * 1024;
const usersForEachRequest = 500;

/** `npm run bulk-test`: `pictures apply` for 100,000 users, killed three times, then `pictures audit`. Prints figures; exits 1 where one is wrong. */
async function main(): Promise<void> {
  const say = (line: string) => process.stdout.write(`${line}\n`);
  say(`Making a tenant of ${users} users.`);
  const stage = await openBulkStage(users);
  try {
    const files = Math.ceil(users / 2000);
    const at = (part: number) => Math.max(1, Math.floor(files * part));
    const scenario: BulkScenario = {
      users,
      command: [join(projectRoot, "cli/pictures.js")],
      progress: say,
      kills: [
        { what: "import", number: at(0.25), afterMs: 0, isLost: true },
        { what: "import", number: at(0.5), afterMs: 150 },
        { what: "export", number: at(0.4), afterMs: 400 },
      ],
    };
    const figures = await applyToEverybody(stage, scenario);
    const audit = await auditEverybody(stage, scenario, figures);
    const failures = [...failuresOf(figures), ...audit.failures];
    if (audit.memory >= longestMemory) failures.push("audit takes 200 MB or more");
    for (const line of linesOf(figures)) say(line);
    say(`audit in ${audit.seconds.toFixed(0)} s, ${megabytes(audit.memory)} resident at most`);
    for (const failure of failures) say(`✖ ${failure}`);
    process.exitCode = failures.length === 0 ? 0 : 1;
    say(failures.length === 0 ? "Everything holds." : `${failures.length} lines do not hold.`);
  } finally {
    await stage.close();
  }
}

function linesOf(figures: BulkFigures): string[] {
  return [
    figures.output.trimEnd(),
    `${users} users in ${figures.seconds.toFixed(0)} s, with ${figures.kills} kills`,
    `${figures.requests} API calls (${figures.exports} exports, ${figures.imports} imports): one for ${(users / figures.requests).toFixed(0)} users`,
    `${megabytes(figures.memory)} resident at most`,
    `${figures.sentAgain} users sent again, ${figures.sentTwice} of them in no file in flight`,
    `${Object.keys(figures.notes).length} users changed and ${figures.deleted.length} deleted by others meanwhile`,
    `${figures.wrongUsers} users wrong`,
  ];
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MB`;
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
    figures.requests * usersForEachRequest < users,
    `more than one API call for ${usersForEachRequest} users`,
  );
  check(figures.sentAgain > 0, "nobody was sent again though an import got lost");
  check(figures.sentTwice === 0, "users were sent again who were in no file in flight");
  check(figures.unhandled === 0, "the tenant did not know a request");
  return failures;
}

void main();
