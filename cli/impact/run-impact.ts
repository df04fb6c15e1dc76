import { findCredentials } from "../credentials/find-credentials.ts";
import type { CommandReport } from "../command-report.ts";
import type { Environment } from "../environment.ts";
import { exitCode } from "../exit-code.ts";
import { requestAccess, type ManagementAccess } from "../management/request-access.ts";
import { exportedBytes } from "../people/export-users.ts";
import { stackSettings } from "../people/people.ts";
import { createProgress, type ProgressOutput } from "../progress.ts";
import { stackName } from "../stack-file.ts";
import { UsageError } from "../usage-error.ts";
import type { ChangedLimit } from "./changed-limit.ts";
import type { Shard } from "./child/messages.ts";
import { compareUsers } from "./compare-users.ts";
import { describeImpact } from "./describe-impact.ts";
import { flowSetup, flowSummary } from "./impact-flow.ts";
import { impactPage, type PageImages } from "./impact-page.ts";
import { createReport, type ImpactReport } from "./impact-report.ts";
import { impactSummary } from "./impact-summary.ts";
import { oldFlow } from "./old-flow.ts";
import { outputFile, type OutputFile } from "./output-file.ts";
import { pageImages } from "./page-images.ts";
import { programFlow } from "./program-flow.ts";
import { userFile, type UserSource } from "./user-file.ts";

/** Where a report goes beside standard output. */
export interface ReportFiles {
  /** The page. */
  readonly html?: string | undefined;
  /** Markdown with counts and reasons only. */
  readonly summary?: string | undefined;
}

export interface ImpactRequest extends ReportFiles {
  readonly stack: string;
  /** A file or `-`; undefined: an export of the tenant. */
  readonly users: string | undefined;
  readonly against: string;
  readonly maxChanged?: ChangedLimit | undefined;
  readonly shard?: Shard | undefined;
  readonly sample: number;
  /** A file for the ids of all whose picture changes. */
  readonly changed?: string | undefined;
  /** How many processes; by default one for each core. */
  readonly processes?: number | undefined;
  readonly env: Environment;
  readonly progress: ProgressOutput;
}

/** Compares what is deployed with what would be, for all users. @throws ExpectedError as its parts do. */
export async function runImpact(request: ImpactRequest): Promise<CommandReport> {
  const { stack, env, sample, shard, maxChanged } = request;
  if (shard !== undefined && maxChanged !== undefined) {
    const message =
      "A part of the users says nothing about all of them: give --max-changed to pictures impact merge.";
    throw new UsageError("max-changed-of-part", message);
  }
  const users = request.users === undefined ? undefined : userFile(request.users);
  const changed = request.changed === undefined ? undefined : outputFile("--changed", request.changed);
  const files = openReportFiles(request);
  const access = onceAccess(stack, env);
  const flows = {
    new: await programFlow(stack, env),
    old: await oldFlow(request.against, stack, env, access),
  };
  const comparison = {
    stack: stackName(stack),
    old: flowSummary(flows.old),
    new: flowSummary(flows.new),
    ...(shard === undefined ? {} : { shard }),
    sample,
  };
  const report = createReport(comparison);
  const source: UserSource = users ?? { bytes: exportedBytes(await access()), share: () => undefined };
  const progress = createProgress(env, request.progress);
  progress.phase("Comparing logins");
  try {
    await compareUsers({
      setup: {
        old: flowSetup(flows.old),
        new: flowSetup(flows.new),
        shard,
        sample,
        listChanged: changed !== undefined,
      },
      users: source.bytes,
      ...(request.processes === undefined ? {} : { processes: request.processes }),
      onBatch: (counts) => {
        const before = report.users();
        report.add(counts);
        changed?.write(counts.changedIds.map((id) => `${JSON.stringify(id)}\n`).join(""));
        const share = source.share();
        // The file's users are not counted before: what is read of it tells about how many there are.
        progress.expect(share === undefined || share === 0 ? undefined : Math.round(report.users() / share));
        progress.advance(report.users() - before);
      },
    });
  } finally {
    progress.clear();
    changed?.close();
  }
  const images = files.html === undefined ? undefined : await pageImages(stack, env);
  return finishReport(report.report(), files, maxChanged, images);
}

/** One token for whatever needs one. */
function onceAccess(stack: string, env: Environment): () => Promise<ManagementAccess> {
  let access: Promise<ManagementAccess> | undefined;
  const request = async (): Promise<ManagementAccess> => {
    const { config } = await stackSettings(stack, env);
    return requestAccess(await findCredentials({ stack, domain: config.auth0Domain }, env));
  };
  return () => (access ??= request());
}

export interface OpenReportFiles {
  readonly html: OutputFile | undefined;
  readonly summary: OutputFile | undefined;
}

/** @throws UsageError `output-not-writable`. */
export function openReportFiles({ html, summary }: ReportFiles): OpenReportFiles {
  return {
    html: html === undefined ? undefined : outputFile("--html", html),
    summary: summary === undefined ? undefined : outputFile("--summary", summary),
  };
}

/** Writes the files and says what the command ends with. */
export function finishReport(
  report: ImpactReport,
  { html, summary }: OpenReportFiles,
  limit: ChangedLimit | undefined,
  images?: PageImages,
): CommandReport {
  html?.write(impactPage(report, images));
  html?.close();
  summary?.write(impactSummary(report));
  summary?.close();
  const isExceeded = limit?.isExceeded(report) ?? false;
  const text = describeImpact(report);
  return {
    exitCode: isExceeded ? exitCode.found : exitCode.done,
    text: isExceeded ? `${text}\n\nThat is more than --max-changed ${limit?.text ?? ""} allows.` : text,
    json: report,
  };
}
