import type { CommandReport } from "../command-report.ts";
import { exitCode } from "../exit-code.ts";
import { openReportFile, refuseEqualReportFiles, type ReportFile } from "../report-file.ts";
import type { PageImages } from "../report-page/page-image.ts";
import type { ChangedLimit } from "./changed-limit.ts";
import { describeImpact } from "./describe-impact.ts";
import { impactPage } from "./impact-page.ts";
import type { ImpactReport } from "./impact-report.ts";
import { impactSummary } from "./impact-summary.ts";

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

/** Writes the files and says what the command ends with. */
export function finishReport(
  report: ImpactReport,
  { html, summary, changed }: ReportFiles,
  limit: ChangedLimit | undefined,
  images?: PageImages,
): CommandReport {
  html?.write(impactPage(report, images));
  summary?.write(impactSummary(report));
  for (const file of [html, summary, changed]) file?.finish();
  const isExceeded = limit?.isExceeded(report) ?? false;
  const text = describeImpact(report);
  return {
    exitCode: isExceeded ? exitCode.found : exitCode.done,
    text: isExceeded ? `${text}\n\nThat is more than --max-changed ${limit?.text ?? ""} allows.` : text,
    json: report,
  };
}
