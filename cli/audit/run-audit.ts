import { exportUsers } from "../../auth0/jobs.ts";
import { openUsersFile, usersIn } from "../../auth0/users-file.ts";
import { displayText } from "../../lib/display-text.ts";
import type { Environment } from "../../lib/environment.ts";
import { createProgress } from "../../lib/progress.ts";
import { openReportFile, refuseEqualReportFiles, type ReportFile } from "../../lib/report-file.ts";
import { standardError } from "../../lib/terminal-output.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import type { ConfigValues } from "../../stack/config-keys.ts";
import { readStackNamed } from "../../stack/stack-file.ts";
import { exitCode, type CommandReport } from "../command.ts";
import { openPeople, requireScope } from "../people/people.ts";
import { selectedStack } from "../pulumi/run-pulumi.ts";
import { fetchPicture } from "../report-page/page-image.ts";
import { s3Client } from "../storage/aws-clients.ts";
import { auditPage, pageImages, type PageImageSources } from "./audit-page.ts";
import { auditReport, describeAudit } from "./audit-report.ts";
import { auditUsers, networkProbe, type AuditTask } from "./audit-users.ts";
import type { Finding } from "../people/finding.ts";

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
    const report = auditReport(
      { stack: task.stack, at: task.now.toISOString(), isFile: options.users !== undefined },
      audit,
    );
    page?.write(auditPage(report, await pageImages(report, task)));
    for (const file of files) file.finish();
    return {
      exitCode: report.findings.length + report.warnings.length === 0 ? exitCode.done : exitCode.found,
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
    now: new Date(),
    progress: createProgress(env, standardError),
    ...(options.probe === true ? { probe: networkProbe, fetchPicture } : {}),
    ...(options.files === true ? { s3: s3Client(users.config.awsRegion, env) } : {}),
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
    const file = openUsersFile(users);
    const stack = await selectedStack(named, env);
    return { stack, ...(await readStackNamed(stack, env)), users: usersIn(file), share: file.share };
  }
  const people = await openPeople(named, env);
  requireScope(people, ["read:users"], "show");
  const { stack, config, settings, access } = people;
  return { stack, config, settings, users: exportUsers(access), waitingFor: "Waiting for Auth0's export" };
}

/** A CSV file with a line for every finding. */
interface FindingsFile extends Pick<ReportFile, "finish" | "drop"> {
  readonly add: (finding: Finding) => void;
}

/** @throws UsageError `report-file-not-writable`. */
function openFindingsFile(name: string): FindingsFile {
  const { write, finish, drop } = openReportFile("--csv", name);
  write(csvLine(["user_id", "finding", "cause", "address"]));
  return {
    add: ({ userId, kind, cause, address }) => write(csvLine([displayText(userId), kind, cause, address])),
    finish,
    drop,
  };
}

/**
 * A line of a CSV file (RFC 4180). A field that a spreadsheet would run as a formula starts with an apostrophe, as OWASP
 * advises: users' input ends up in a spreadsheet.
 */
export function csvLine(fields: readonly (string | null)[]): string {
  return `${fields.map((field) => quoted(field ?? "")).join(",")}\r\n`;
}

function quoted(text: string): string {
  const harmless = /^\s*[=+\-@]|^[\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replace(/"/g, '""')}"`;
}
