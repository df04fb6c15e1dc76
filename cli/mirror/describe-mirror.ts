import { terminalLines } from "../../lib/terminal-text.ts";
import { counted, grouped, visible } from "../../lib/terminal.ts";
import { exitCode, type CommandReport } from "../command.ts";
import { foretell } from "./foretold.ts";
import { sortedHosts, type MirrorCounts, type OutcomeCounts } from "./mirror-counts.ts";

export interface MirrorSummary extends MirrorCounts {
  readonly stack: string;
  readonly dryRun: boolean;
  /** What else people should know. */
  readonly notes: readonly string[];
  /** The id of a run that is not a dry one. */
  readonly run?: string;
}

/** How many hosts are printed; the JSON document has all. */
const printedHosts = 20;

export function describeMirror(found: MirrorSummary): CommandReport {
  const { stack, dryRun, counts, hosts, reasons, notes, run } = found;
  const foretold = dryRun ? foretell(found) : undefined;
  return {
    ...(counts.failed > 0 ? { exitCode: exitCode.found } : {}),
    text: terminalLines([
      ...(dryRun
        ? [`${grouped(counts.copied)} would be copied${restOf(counts)}`]
        : [`${grouped(counts.copied)} copied${restOf(counts)}`]),
      ...hostLines(found),
      ...[...reasons]
        .sort(([, a], [, b]) => b - a)
        .map(([why, users]) => `  ${grouped(users)}  ${visible(why)}`),
      ...notes.map(visible),
      ...(foretold === undefined
        ? []
        : [
            `Requests: ${grouped(foretold.requests.hosts)} to hosts, ${grouped(foretold.requests.auth0)} to Auth0, ${grouped(foretold.requests.s3)} to the bucket; about ${duration(foretold.seconds)}.`,
            "Nothing was changed: this was a dry run. Add --yes to do it.",
          ]),
      ...(run === undefined || counts.copied === 0
        ? []
        : [`To take all of it back: pictures undo --run ${run} --stack ${visible(stack)}`]),
    ]),
    json: {
      stack,
      dryRun,
      run: run ?? null,
      counts,
      hosts: Object.fromEntries(hosts),
      reasons: Object.fromEntries(reasons),
      ...(foretold === undefined ? {} : { foretold }),
      notes,
    },
  };
}

function restOf({ unchanged, failed, skipped }: OutcomeCounts): string {
  return `, ${grouped(unchanged)} unchanged, ${grouped(failed)} failed, ${grouped(skipped)} skipped.`;
}

function hostLines(found: MirrorCounts): string[] {
  const hosts = sortedHosts(found);
  const more = hosts.length - printedHosts;
  return [
    ...hosts.slice(0, printedHosts).map(([host, { copied, unchanged, failed, skipped }]) => {
      const counts = `${grouped(copied)} copied, ${grouped(unchanged)} unchanged, ${grouped(failed)} failed`;
      return `  ${visible(host)}: ${counts}${skipped === 0 ? "" : `, ${grouped(skipped)} without a picture`}`;
    }),
    ...(more > 0 ? [`  and ${counted(more, "more host")}`] : []),
  ];
}

/** For people: rounded up. */
export function duration(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return counted(minutes, "minute");
  const hours = Math.ceil(minutes / 60);
  return hours < 48 ? counted(hours, "hour") : counted(Math.ceil(hours / 24), "day");
}
