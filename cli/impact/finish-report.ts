import { ExpectedError } from "../../lib/errors.ts";
import { openReportFile, refuseEqualReportFiles, type ReportFile } from "../../lib/report-file.ts";
import { below, term } from "../../lib/terminal-text.ts";
import { exitCode, type CommandReport } from "../command.ts";
import type { PageImages } from "../report-page/page-image.ts";
import { describeImpact, exceededWords, impactSummary } from "./describe-impact.ts";
import { impactPage } from "./impact-page.ts";
import type { ImpactReport } from "./impact-report.ts";
import type { ChangedLimit } from "./options.ts";

/** Where a report goes beside standard output. */
export interface ReportFileNames {
  /** The page. */
  readonly html?: string | undefined;
  /** Markdown with counts and reasons only. */
  readonly summary?: string | undefined;
  /** The ids of all whose picture changes. */
  readonly changed?: string | undefined;
}

export type ReportFiles = Readonly<Record<keyof ReportFileNames, ReportFile | undefined>>;

/**
 * Opens the files, calls `run` with them, and leaves nothing of those that it did not finish.
 *
 * @throws UsageError `report-files-equal` or `report-file-not-writable`, or what `run` throws.
 */
export async function withReportFiles<Result>(
  names: ReportFileNames,
  run: (files: ReportFiles) => Result | Promise<Result>,
): Promise<Result> {
  const { html, summary, changed } = names;
  refuseEqualReportFiles({ "--html": html, "--summary": summary, "--changed": changed });
  const opened: ReportFile[] = [];
  const open = (option: keyof ReportFileNames): ReportFile | undefined => {
    const name = names[option];
    if (name === undefined) return undefined;
    const file = openReportFile(`--${option}`, name);
    opened.push(file);
    return file;
  };
  try {
    return await run({ html: open("html"), summary: open("summary"), changed: open("changed") });
  } finally {
    for (const file of opened) file.drop();
  }
}

/**
 * Writes the files and says what the command ends with.
 *
 * @throws ExpectedError `users-none` if there is a limit but there are no users.
 */
export function finishReport(
  report: ImpactReport,
  { html, summary, changed }: ReportFiles,
  limit: ChangedLimit | undefined,
  images?: PageImages,
): CommandReport {
  if (limit !== undefined && report.users === 0) {
    const message = "There are no users, so --max-changed cannot be checked: is the export complete?";
    throw new ExpectedError("users-none", message);
  }
  const exceeded = limit?.isExceeded(report) === true ? limit.text : undefined;
  html?.write(impactPage(report, images));
  summary?.write(impactSummary(report, exceeded));
  for (const file of [html, summary, changed]) file?.finish();
  const text = describeImpact(report);
  return {
    exitCode: exceeded === undefined ? exitCode.done : exitCode.found,
    text: exceeded === undefined ? text : below(text, term``, term`${exceededWords(exceeded)}`),
    json: report,
  };
}
