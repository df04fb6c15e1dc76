import { ExpectedError } from "../../lib/errors.ts";
import { visible } from "../../lib/terminal.ts";
import { journalDomains, openJournal, type Journal } from "../people/journal.ts";
import type { People } from "../people/people.ts";
import { bulkFolder, unfinishedFolder } from "./bulk-folder.ts";

/** What the journal says of a run over many users. */
export interface JournalRun {
  readonly run: string;
  /** Of its first write: ISO 8601, UTC. */
  readonly at: string;
  readonly stack: string;
  readonly command: string;
  /** How many users it changed; undefined where it did not come to its end. */
  readonly changed: number | undefined;
}

/** The runs of a journal, the oldest first. */
export function journalRuns(journal: Pick<Journal, "lines">): JournalRun[] {
  const runs = new Map<string, JournalRun>();
  for (const { line } of journal.lines('"run":')) {
    if (!("id" in line) || line.run === undefined || runs.has(line.run)) continue;
    const { run, at, stack, command } = line;
    runs.set(run, { run, at, stack, command, changed: undefined });
  }
  for (const { line } of journal.lines('"ended":')) {
    const found = "ended" in line ? runs.get(line.ended) : undefined;
    if (found !== undefined && "ended" in line) runs.set(line.ended, { ...found, changed: line.changed });
  }
  return [...runs.values()];
}

/**
 * The run that is to be taken back.
 *
 * @throws ExpectedError `run-unknown`, `run-of-another-tenant`, `run-of-another-stack`, `run-is-undo`, `run-unfinished`.
 */
export function undoableRun(
  { journal, stack, env, access }: Pick<People, "journal" | "stack" | "env" | "access">,
  id: string,
): JournalRun {
  const runs = journalRuns(journal);
  const found = runs.find(({ run }) => run === id);
  if (found === undefined) throw unknownRun(id, runs, access.domain, env);
  if (found.stack !== stack) {
    const message = `Run ${id} was one of stack ${found.stack}, not ${stack}. Use --stack ${found.stack}.`;
    throw new ExpectedError("run-of-another-stack", message);
  }
  if (found.command === "undo") {
    const message = `Run ${id} is itself an undo, which cannot be undone. To make the changes again, apply the file again.`;
    throw new ExpectedError("run-is-undo", message);
  }
  const folder = unfinishedFolder(bulkFolder(access.domain, env), id);
  if (folder !== undefined) {
    const message =
      `Run ${id} has not come to its end. Run its command again to finish it, then undo it. ` +
      `To give it up instead, remove ${folder}; then undo takes back what it did.`;
    throw new ExpectedError("run-unfinished", message);
  }
  return found;
}

function unknownRun(
  id: string,
  runs: readonly JournalRun[],
  domain: string,
  env: People["env"],
): ExpectedError {
  const shown = visible(id);
  const others = journalDomains(env).filter((other) => other !== domain);
  const other = others.find((each) => journalRuns(openJournal(each, env)).some(({ run }) => run === id));
  if (other !== undefined) {
    const message = `Run ${shown} was one of tenant ${other}, not ${domain}. Use --stack with a stack of that tenant.`;
    return new ExpectedError("run-of-another-tenant", message);
  }
  const known = runs.filter(({ command }) => command !== "undo").slice(-mostNamed);
  const list =
    known.length === 0
      ? "The journal on this machine has no run of this tenant."
      : ["The last runs in the journal on this machine are:", ...known.reverse().map(runLine)].join("\n");
  return new ExpectedError("run-unknown", `There is no run ${shown}. ${list}`);
}

const mostNamed = 10;

function runLine({ run, at, stack, command, changed }: JournalRun): string {
  const end = changed === undefined ? "its end is not recorded" : `changed ${changed} users`;
  return `  ${visible(run)}  ${at}  ${command}, stack ${visible(stack)}: ${end}`;
}
