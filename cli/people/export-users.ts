import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { ExpectedError } from "../../infra/expected-error.ts";
import { managementClient } from "../management/management-client.ts";
import { managementFailure } from "../management/management-failure.ts";
import type { ManagementAccess } from "../management/request-access.ts";
import { jobPace, waitForJob, type JobPace } from "../management/wait-for-job.ts";
import { readUser, type User } from "./user.ts";

/** What a decision, and a mapping to another system, look at. */
const fields = ["user_id", "email_verified", "picture", "identities", "user_metadata", "app_metadata"];

export interface ExportOptions {
  /** Fields of the profile besides those. */
  readonly more?: readonly string[];
  /** Others are passed over, which is many times faster. */
  readonly wanted?: (userId: string) => boolean;
  /** Of the exports before this one. */
  readonly pace?: JobPace;
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
  for await (const lines of exportedLines(access, options)) {
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

async function* exportedLines(
  access: ManagementAccess,
  options: ExportOptions,
): AsyncGenerator<readonly string[], void, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of exportedBytes(access, options)) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield lines;
  }
  yield [rest + decoder.decode()];
}

/**
 * The same as bytes, a user as JSON on each line, for whoever reads the lines elsewhere. All users, whatever `wanted` says.
 *
 * @throws ExpectedError `export-failed`, or `auth0-…`.
 */
export async function* exportedBytes(
  access: ManagementAccess,
  options: ExportOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const location = await finishedExport(access, options);
  const answer = await fetch(location).catch((cause: unknown) => {
    throw exportFailed("its file cannot be fetched", { cause });
  });
  if (!answer.ok || answer.body === null) throw exportFailed(`its file's server answered ${answer.status}`);
  const file = Readable.fromWeb(answer.body);
  const unpacked = createGunzip();
  file.on("error", (error) => unpacked.destroy(error)).pipe(unpacked);
  try {
    yield* unpacked as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw exportFailed("its file breaks off", { cause });
  } finally {
    file.destroy();
    unpacked.destroy();
  }
}

function readLine(line: string): User {
  try {
    return readUser(JSON.parse(line));
  } catch (cause) {
    // What it holds is not shown: it is somebody's profile.
    throw exportFailed("its file holds a line that is no user", { cause });
  }
}

/** Where the finished job's file is. */
async function finishedExport(
  access: ManagementAccess,
  { more = [], pace = jobPace() }: ExportOptions,
): Promise<string> {
  const job = await startedExport(access, [...fields, ...more], pace);
  if (job === undefined) throw exportFailed("Auth0 does not know it any more");
  const { status, location } = job;
  if (status === "completed" && location !== undefined) return location;
  throw exportFailed(
    status === "failed" ? "Auth0 says that it failed" : "Auth0 does not say where its file is",
  );
}

async function startedExport(access: ManagementAccess, names: readonly string[], pace: JobPace) {
  try {
    const sdk = await managementClient(access);
    const { id } = await sdk.jobs.usersExports.create({
      format: "json",
      fields: names.map((name) => ({ name })),
    });
    return await waitForJob(sdk, id, pace);
  } catch (error) {
    throw managementFailure(error, access.domain, "an export of all users");
  }
}

function exportFailed(why: string, options?: ErrorOptions): ExpectedError {
  const message = `The export of all users (job users_export) gave nothing: ${why}. Try again.`;
  return new ExpectedError("export-failed", message, options);
}
