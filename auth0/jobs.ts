import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { createGunzip } from "node:zlib";
import type { Management, ManagementClient } from "auth0";
import { ExpectedError } from "../lib/errors.ts";
import {
  managementClient,
  managementFailure,
  withManagementRetry,
  withoutSdkRetries,
} from "./management-client.ts";
import type { ManagementAccess } from "./management-token.ts";
import { readUserLine } from "./user-line.ts";
import type { User } from "./user.ts";
import { linesOf, type UserSource } from "./users-file.ts";

/** How long jobs of one kind take, as far as is known: each look at a job is a request. */
export interface JobPace {
  expectedMs: number | undefined;
}

export function jobPace(): JobPace {
  return { expectedMs: undefined };
}

/** Milliseconds between two looks at a job. */
const looks = { shortest: 250, longest: 8000 };

/** Auth0 deletes jobs after a day; one over a million users takes minutes. */
const giveUpAfterMs = 2 * 60 * 60_000;

/**
 * The job when it ended, well or not; undefined where Auth0 does not have it.
 *
 * @param signal Ends the wait, with the signal's own error.
 * @throws ExpectedError `job-too-slow`, and the SDK's own errors.
 */
export async function waitForJob(
  { jobs }: Pick<ManagementClient, "jobs">,
  id: string,
  pace: JobPace,
  signal?: AbortSignal,
): Promise<Management.GetJobResponseContent | undefined> {
  const start = Date.now();
  const { expectedMs = looks.shortest } = pace;
  let waitMs = expectedMs;
  const pause = (ms: number) => sleep(ms, undefined, signal === undefined ? {} : { signal });
  for (let looked = 1; Date.now() - start < giveUpAfterMs; looked += 1) {
    await pause(waitMs);
    const look = withManagementRetry(() => jobs.get(id, withoutSdkRetries), pause);
    const job = await look.catch((error: unknown) => {
      if ((Object(error) as { statusCode?: unknown }).statusCode === 404) return undefined;
      throw error;
    });
    if (job === undefined || job.status === "completed" || job.status === "failed") {
      learn(pace, Date.now() - start, looked);
      return job;
    }
    waitMs = Math.min(Math.max(looks.shortest * 2 ** (looked - 1), expectedMs / 8), looks.longest);
  }
  throw new ExpectedError("job-too-slow", `Auth0's job ${id} did not end within two hours. Try again later.`);
}

/** One that had ended at the first look may have ended long before it. */
function learn(pace: JobPace, tookMs: number, looked: number): void {
  pace.expectedMs = Math.max(looked === 1 ? tookMs * 0.95 : tookMs, looks.shortest);
}

/** What a decision, and a mapping to another system, look at. */
const decisionFields = [
  "user_id",
  "email_verified",
  "picture",
  "identities",
  "user_metadata",
  "app_metadata",
];

interface ExportOptions {
  /** Instead of those that a decision looks at. `user_id` is the first, for speed. */
  readonly fields?: readonly string[];
  /** Fields of the profile besides those. */
  readonly more?: readonly string[];
  /** Others are passed over, which is many times faster. */
  readonly wanted?: (userId: string) => boolean;
  /** Of the exports before this one. */
  readonly pace?: JobPace;
  /** Ends the wait for the job, and the reading of its file. */
  readonly signal?: AbortSignal;
  /** Told how much of the finished job's file was read, from 0 to 1, where its size is known. */
  readonly onShare?: (share: number) => void;
}

/**
 * Every user of the tenant, by an export job: the only way to more than 1,000 of them. One is in memory at a time. What
 * changed since the job started is not in it.
 *
 * @throws ExpectedError `export-failed`, or `auth0-…`.
 */
export async function* exportUsers(
  access: ManagementAccess,
  options: ExportOptions = {},
): AsyncGenerator<User, void, undefined> {
  const { wanted = () => true } = options;
  for await (const lines of linesOf(exportedBytes(access, options))) {
    for (const line of lines) {
      if (line.trim() === "" || !wanted(quickId(line) ?? readLine(line).user_id)) continue;
      yield readLine(line);
    }
  }
}

/** The id of a line that begins with it, as Auth0 writes it where it is the first of the fields; else undefined. */
function quickId(line: string): string | undefined {
  return /^\{"user_id":"([^"\\]+)"/.exec(line)?.[1];
}

/** The same as bytes, for a caller that reads the lines itself. */
export function exportSource(access: ManagementAccess): UserSource {
  return {
    bytes: exportedBytes(access, {}),
    share: () => undefined,
    fault: (line, why) => exportFailed(`line ${line} of its file ${why}`),
  };
}

/** A user as JSON on each line; all of them, whatever `wanted` says. */
async function* exportedBytes(
  access: ManagementAccess,
  options: ExportOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const location = await finishedExport(access, options);
  const { signal } = options;
  const answer = await fetch(location, signal === undefined ? {} : { signal }).catch((cause: unknown) => {
    throw exportFailed("its file cannot be fetched", { cause });
  });
  if (!answer.ok || answer.body === null) throw exportFailed(`its file's server answered ${answer.status}`);
  const file = Readable.fromWeb(
    countedBody(answer.body, Number(answer.headers.get("content-length")), options),
  );
  const unpacked = createGunzip();
  file.on("error", (error) => unpacked.destroy(error)).pipe(unpacked);
  try {
    yield* unpacked as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw exportFailed("its file is incomplete", { cause });
  } finally {
    file.destroy();
    unpacked.destroy();
  }
}

/** What goes through it is told, where the size is known. */
function countedBody(
  body: ReadableStream<Uint8Array>,
  size: number,
  { onShare }: ExportOptions,
): ReadableStream<Uint8Array> {
  if (onShare === undefined || !(size > 0)) return body;
  let done = 0;
  const count = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      done += chunk.length;
      onShare(Math.min(done / size, 1));
      controller.enqueue(chunk);
    },
  });
  return body.pipeThrough(count);
}

function readLine(line: string): User {
  try {
    return readUserLine(line);
  } catch (error) {
    throw exportFailed(`a line of its file ${(error as Error).message}`);
  }
}

/** Where the finished job's file is. */
async function finishedExport(
  access: ManagementAccess,
  { fields = decisionFields, more = [], pace = jobPace(), signal }: ExportOptions,
): Promise<string> {
  const job = await startedExport(access, [...fields, ...more], pace, signal);
  if (job === undefined) throw exportFailed("Auth0 no longer knows it");
  const { status, location } = job;
  if (status === "completed" && location !== undefined) return location;
  throw exportFailed(
    status === "failed" ? "Auth0 says that it failed" : "Auth0 does not say where its file is",
  );
}

async function startedExport(
  access: ManagementAccess,
  names: readonly string[],
  pace: JobPace,
  signal: AbortSignal | undefined,
) {
  try {
    const sdk = await managementClient(access);
    const { id } = await sdk.jobs.usersExports.create({
      format: "json",
      fields: names.map((name) => ({ name })),
    });
    return await waitForJob(sdk, id, pace, signal);
  } catch (error) {
    throw managementFailure(error, access.domain, "an export of all users");
  }
}

function exportFailed(why: string, options?: ErrorOptions): ExpectedError {
  const message = `The export of all users (job users_export) failed: ${why}. Try again.`;
  return new ExpectedError("export-failed", message, options);
}
