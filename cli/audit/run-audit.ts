import type { ConfigValues } from "../../infra/config-keys.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import type { CommandReport } from "../command-report.ts";
import type { Environment } from "../environment.ts";
import { exitCode } from "../exit-code.ts";
import { exportUsers } from "../people/export-users.ts";
import { openPeople, stackSettings } from "../people/people.ts";
import { requireScope } from "../people/require-scope.ts";
import { openUsersFile } from "../people/users-file.ts";
import { createProgress } from "../progress.ts";
import { selectedStack } from "../pulumi/selected-stack.ts";
import { pictureS3Client } from "../storage/picture-s3-client.ts";
import { auditPage } from "./audit-page.ts";
import { auditReport } from "./audit-report.ts";
import { auditUsers, networkProbe, type AuditTask } from "./audit-users.ts";
import { describeAudit } from "./describe-audit.ts";
import { openFindingsFile, type FindingsFile } from "./findings-file.ts";
import { pageImages, type PageImageSources } from "./page-images.ts";
import { openReportFile, refuseEqualReportFiles, type ReportFile } from "../report-file.ts";
import { fetchPicture } from "../report-page/page-image.ts";

/** The options of `pictures audit`. */
export interface AuditOptions {
  readonly stack?: string;
  readonly users?: string;
  readonly probe?: boolean;
  readonly files?: boolean;
  readonly html?: string;
  readonly csv?: string;
}

/** Looks at every user and reports. */
export async function runAudit(options: AuditOptions, env: Environment): Promise<CommandReport> {
  const files: Pick<ReportFile, "finish" | "drop">[] = [];
  const opened = <T extends ReportFile | FindingsFile>(file: T): T => {
    files.push(file);
    return file;
  };
  refuseEqualReportFiles({ "--html": options.html, "--csv": options.csv });
  try {
    const page = options.html === undefined ? undefined : opened(openReportFile("--html", options.html));
    const findings = options.csv === undefined ? undefined : opened(openFindingsFile(options.csv));
    const task = await auditTask(options, env);
    const audit = await auditUsers({ ...task, onFinding: (finding) => findings?.add(finding) });
    const report = auditReport({ stack: task.stack, at: new Date().toISOString() }, audit);
    page?.write(auditPage(report, await pageImages(report, task)));
    for (const file of files) file.finish();
    return {
      exitCode: report.findings.length === 0 ? exitCode.done : exitCode.found,
      text: describeAudit(report),
      json: report,
    };
  } finally {
    for (const file of files) file.drop();
  }
}

type Task = Omit<AuditTask, "onFinding"> & PageImageSources & UsersToAudit;

async function auditTask(options: AuditOptions, env: Environment): Promise<Task> {
  const users = await usersToAudit(options, env);
  return {
    ...users,
    progress: createProgress(env, process.stderr),
    ...(options.probe === true ? { probe: networkProbe, fetchPicture } : {}),
    ...(options.files === true ? { s3: pictureS3Client(users.config.awsRegion) } : {}),
  };
}

interface UsersToAudit extends Pick<AuditTask, "users" | "share" | "waitingFor"> {
  readonly stack: string;
  readonly config: ConfigValues;
  readonly settings: PictureSettings;
}

/** A file needs no credentials: the decision is made from the stack's file. */
async function usersToAudit({ stack: named, users }: AuditOptions, env: Environment): Promise<UsersToAudit> {
  if (users !== undefined) {
    const stack = await selectedStack(named, env);
    return { stack, ...(await stackSettings(stack, env)), ...(await openUsersFile(users)) };
  }
  const people = await openPeople(named, env);
  requireScope(people, ["read:users"], "show");
  const { stack, config, settings, access } = people;
  return { stack, config, settings, users: exportUsers(access), waitingFor: "Waiting for Auth0's export" };
}
