import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Management } from "auth0";
import { waitForJob } from "../../auth0/jobs.ts";
import {
  askedWaitMs,
  managementFailure,
  mayPass,
  statusOfFailure,
  withManagementRetry,
} from "../../auth0/management-client.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { valueIn } from "../../lib/json.ts";
import { readRunNote } from "./bulk-folder.ts";
import type { BulkRun } from "./bulk-run.ts";
import { filesInFlight, type FileInFlight, type FilesInFlight } from "./files-in-flight.ts";
import type { Pack } from "./import-pack.ts";

/** What became of the sending of a file. `busy`: Auth0 has too many imports, or too many requests, and did not take it. */
export type Sent =
  | { readonly kind: "started"; readonly jobId: string }
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "busy"; readonly waitMs: number }
  | { readonly kind: "too-large" | "unknown" };

/** Sends a file, once: what is read gets old while one waits, so it is read anew instead. */
export async function sendFile(
  { sdk, people }: BulkRun,
  connectionId: string,
  { externalId }: FileInFlight,
  { rows }: Pack,
): Promise<Sent> {
  const users = Buffer.from(`[${rows.join(",")}]`);
  try {
    const job = await sdk.jobs.usersImports.create({
      users: { data: users, filename: "users.json", contentType: "application/json" },
      connection_id: connectionId,
      upsert: true,
      send_completion_email: false,
      external_id: externalId,
    });
    return { kind: "started", jobId: job.id };
  } catch (error) {
    const status = statusOfFailure(error);
    if (status === 429) return { kind: "busy", waitMs: askedWaitMs(error) };
    if (status === 413) return { kind: "too-large" };
    const failure = managementFailure(error, people.access.domain, "an import of users");
    if (status === 400) return { kind: "refused", why: String(valueIn(failure, "message")) };
    const isUnclear =
      (status !== undefined && status >= 500) || valueIn(failure, "code") === "auth0-unreachable";
    if (isUnclear) return { kind: "unknown" };
    throw failure;
  }
}

/** What an import did. */
export interface ImportResult {
  /** `lost`: Auth0 does not know the job, so it is unknown what it did. */
  readonly ended: "completed" | "failed" | "lost";
  /** Why, by the whole user id. */
  readonly refused: ReadonlyMap<string, string>;
  /** False where more were refused than can be told: then it is unknown which users were changed. */
  readonly isClear: boolean;
}

/** An import's job when it ended; undefined where Auth0 does not know it. */
async function endOfJob(run: BulkRun, jobId: string) {
  return toldAs(run, "an import of users", waitForJob(run.sdk, jobId, run.pace.imports));
}

/** Waits for the end of the file's job and reads its errors. */
export async function resultOf(run: BulkRun, jobId: string, file: FileInFlight): Promise<ImportResult> {
  const job = await endOfJob(run, jobId);
  if (job === undefined) return { ended: "lost", refused: new Map(), isClear: false };
  const { failed } = job.summary ?? {};
  const refused = failed === 0 ? new Map<string, string>() : await refusedBy(run, jobId, file);
  return {
    ended: job.status === "failed" ? "failed" : "completed",
    refused,
    isClear: failed !== undefined && failed <= refused.size,
  };
}

async function refusedBy(run: BulkRun, jobId: string, { users }: FileInFlight): Promise<Map<string, string>> {
  const answer: unknown = await asked(run, "an import of users", () => run.sdk.jobs.errors.get(jobId));
  const sent = new Set(users.map(({ outcome }) => outcome.user));
  const refused = new Map<string, string>();
  for (const { user, errors } of Array.isArray(answer)
    ? (answer as Management.GetJobErrorResponseContent[])
    : []) {
    const id = String(valueIn(user, "user_id"));
    // It is [unknown] whether Auth0 names them as they were sent, without the prefix.
    const found = [`auth0|${id}`, id].find((each) => sent.has(each));
    const why = (errors ?? []).map(({ code = "unknown", path = "" }) =>
      path === "" ? code : `${code} at ${path}`,
    );
    if (found !== undefined) refused.set(found, why.join(", "));
  }
  return refused;
}

/** The id of a database connection; undefined where Auth0 does not show it. */
export async function connectionIdOf(run: BulkRun, name: string): Promise<string | undefined> {
  const { data } = await asked(run, "reading the connection", () =>
    run.sdk.connections.list({ name, fields: "id,name,strategy" }),
  );
  const found = data.find((connection) => connection.name === name);
  return found?.strategy === "auth0" ? found.id : undefined;
}

/** Asked again where the network or Auth0 fails for a moment. */
async function asked<T>(run: BulkRun, doing: string, ask: () => Promise<T>): Promise<T> {
  return toldAs(run, doing, withManagementRetry(ask));
}

async function toldAs<T>({ people }: BulkRun, doing: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw managementFailure(error, people.access.domain, doing);
  }
}

function importsKeepFailing(): ExpectedError {
  return new ExpectedError(
    "imports-failed",
    "Auth0 refused several imports in a row. What was done is recorded: run the same command again later to continue, or with " +
      "--no-import to write the remaining users one by one.",
  );
}

/** Jobs in a row of which none is known to have worked. */
const failuresInARow = 6;

/** A run's imports at work. */
export interface Imports {
  readonly run: BulkRun;
  readonly files: FilesInFlight;
  /** Of the latest jobs, how many in a row came to nothing. */
  failed: number;
}

/** An export that breaks off has changed nothing. */
export async function readPatiently<T>(imports: Imports, read: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await read();
    } catch (error) {
      const isBroken = error instanceof ExpectedError && error.code === "export-failed";
      if (!isBroken && !mayPass(error)) throw error;
      await pause(imports, "unknown", { error });
    }
  }
}

/**
 * Other people's imports and limits pass; what fails again and again is left to a later run.
 *
 * @throws `error` then, or ExpectedError `imports-failed` without one.
 */
export async function pause(
  imports: Imports,
  why: "busy" | "unknown",
  { error, waitMs = 0 }: { readonly error?: unknown; readonly waitMs?: number } = {},
): Promise<void> {
  imports.failed += why === "unknown" ? 1 : 0.25;
  if (imports.failed >= failuresInARow) throw error instanceof Error ? error : importsKeepFailing();
  await sleep(Math.max(Math.min(1000 * 2 ** imports.failed, 30_000), waitMs));
}

/** Folders of the same tenant's other runs that were cut off. */
function otherRuns(folder: string): string[] {
  const parent = dirname(folder);
  if (!existsSync(parent)) return [];
  const names = readdirSync(parent).filter((name) => name !== basename(folder));
  return names.map((name) => join(parent, name)).filter((path) => existsSync(join(path, "run.json")));
}

/** What people should know of other runs that did not come to their end. */
export function noteOtherRuns(folder: string): string[] {
  return otherRuns(folder).map((path) => {
    const undoes = readRunNote(path)?.undoes;
    const [what, command] =
      undoes === undefined
        ? ["A run over another file", "its command"]
        : [`An undo of run ${undoes}`, `pictures undo --run ${undoes} --yes`];
    return `${what} was interrupted. It is recorded in ${path}: run ${command} again to finish it, or remove that folder.`;
  });
}

/** Waits for their imports, which would write over what is changed now. */
export async function waitForOtherRuns(run: BulkRun): Promise<void> {
  for (const path of otherRuns(run.folder)) {
    for (const { jobId } of filesInFlight(path, run.id).left()) {
      if (jobId !== undefined) await endOfJob(run, jobId);
    }
  }
}
