import { readFile } from "node:fs/promises";
import { exportSource } from "../../auth0/jobs.ts";
import type { ManagementAccess } from "../../auth0/management-token.ts";
import { openUsersFile, type UserSource } from "../../auth0/users-file.ts";
import type { Environment } from "../../lib/environment.ts";
import { UsageError } from "../../lib/errors.ts";
import { createProgress, type ProgressOutput } from "../../lib/progress.ts";
import type { ReportFile } from "../../lib/report-file.ts";
import { requireStrongSandbox } from "../../sandbox/isolation.ts";
import { readStackNamed, stackName } from "../../stack/stack-file.ts";
import type { CommandReport } from "../command.ts";
import { openTenant } from "../pulumi/stack-tenant.ts";
import type { FetchPicture, PageImages } from "../report-page/page-image.ts";
import type { Shard } from "./comparison.ts";
import { compareUsers } from "./compare-users.ts";
import type { FlowPair } from "./flow-pair.ts";
import { startFlowPairs } from "./flow-pairs.ts";
import { finishReport, withReportFiles, type ReportFileNames } from "./finish-report.ts";
import { flowSetup, flowSummary, type ImpactFlow } from "./impact-flow.ts";
import { createReport, type ImpactReport } from "./impact-report.ts";
import type { ChangedLimit } from "./options.ts";
import { oldFlow, programFlow } from "./stack-flows.ts";

export interface ImpactRequest extends ReportFileNames {
  readonly stack: string;
  /** A file or `-`; undefined: an export of the tenant. */
  readonly users: string | undefined;
  readonly against: string;
  readonly maxChanged?: ChangedLimit | undefined;
  readonly shard?: Shard | undefined;
  readonly sample: number;
  /** Whether code of a tenant may run where the sandbox is weak. */
  readonly weakSandbox?: boolean;
  /** Gets the examples' pictures for the page; left out where no server may be asked. */
  readonly fetchPicture?: FetchPicture | undefined;
  /** How many pairs of pairs; by default one for two cores. */
  readonly pairs?: number | undefined;
  readonly env: Environment;
  readonly progress: ProgressOutput;
}

/** Compares what is deployed with what would be, for all users. @throws ExpectedError as its parts do. */
export async function runImpact(request: ImpactRequest): Promise<CommandReport> {
  const { stack, env, shard, maxChanged, fetchPicture, pairs } = request;
  if (shard !== undefined && maxChanged !== undefined) {
    const message = "--max-changed needs all users, not a part of them: pass it to pictures impact merge.";
    throw new UsageError("max-changed-of-part", message);
  }
  const file = request.users === undefined ? undefined : openUsersFile(request.users);
  return withReportFiles(request, async (files) => {
    const access = onceAccess(stack, env);
    const flows = bothFlows(request, access);
    // Started at once: that takes longer than to find the code.
    const started = startFlowPairs(flows, {}, pairs);
    try {
      const found = await flows;
      const users = file ?? exportSource(await access());
      const report = await compared(request, started, found, users, files.changed);
      const images =
        files.html === undefined ? undefined : await pageImages(report, stack, env, fetchPicture);
      return finishReport(report, files, maxChanged, images);
    } finally {
      await Promise.all(started.map((pair) => pair.stop()));
    }
  });
}

/** @throws ExpectedError `sandbox-weak`, or what the flows throw. */
async function bothFlows(
  { stack, against, env, weakSandbox }: ImpactRequest,
  access: () => Promise<ManagementAccess>,
): Promise<{ readonly old: ImpactFlow; readonly new: ImpactFlow }> {
  const flows = { new: await programFlow(stack, env), old: await oldFlow(against, stack, env, access) };
  if (flows.new.isFromTenant || flows.old.isFromTenant) requireStrongSandbox(weakSandbox === true);
  return flows;
}

async function compared(
  { stack, env, shard, sample, progress: output }: ImpactRequest,
  pairs: readonly FlowPair[],
  flows: { readonly old: ImpactFlow; readonly new: ImpactFlow },
  users: UserSource,
  changed: ReportFile | undefined,
): Promise<ImpactReport> {
  const report = createReport({
    stack: stackName(stack),
    old: flowSummary(flows.old),
    new: flowSummary(flows.new),
    ...(shard === undefined ? {} : { shard }),
    sample,
  });
  const progress = createProgress(env, output);
  progress.phase("Comparing logins");
  const setup = { old: flowSetup(flows.old), new: flowSetup(flows.new), shard, sample };
  try {
    await compareUsers({
      setup: { ...setup, listChanged: changed !== undefined },
      users,
      pairs,
      onBatch: (counts) => {
        const before = report.users();
        report.add(counts);
        changed?.write(counts.changedIds.map((id) => `${JSON.stringify(id)}\n`).join(""));
        const share = users.share();
        // The file's users are not counted before: what is read of it tells about how many there are.
        progress.expect(share === undefined || share === 0 ? undefined : Math.round(report.users() / share));
        progress.advance(report.users() - before);
      },
    });
  } finally {
    progress.clear();
  }
  return report.report();
}

/** One token for everything that needs one. */
function onceAccess(stack: string, env: Environment): () => Promise<ManagementAccess> {
  let access: Promise<ManagementAccess> | undefined;
  return () => (access ??= openTenant(stack, env));
}

/** More are not fetched: each takes a process that decodes it, and room on the page. */
const mostFetched = 60;

/**
 * The stack's default image, by its address, and the examples' pictures where they may be fetched: the servers that they are on
 * learn that they were viewed. One that cannot be fetched is left out.
 */
async function pageImages(
  { examples }: Pick<ImpactReport, "examples">,
  stack: string,
  env: Environment,
  fetchPicture: FetchPicture | undefined,
): Promise<PageImages> {
  // Loaded here: it takes long, and only the page needs it.
  const { fetchedImages, thumbnail } = await import("../report-page/page-image.ts");
  const { image, settings } = await readStackNamed(stack, env);
  const images = new Map([[settings.defaultUrl, await thumbnail(await readFile(image.file))]]);
  if (fetchPicture === undefined) return images;
  const shown = examples.flatMap((example) => [example.old.picture, example.new.picture]);
  const wanted = [...new Set(shown)].filter(
    (url): url is string => url?.startsWith("https://") === true && !images.has(url),
  );
  return new Map([...images, ...(await fetchedImages(wanted.slice(0, mostFetched), fetchPicture))]);
}
