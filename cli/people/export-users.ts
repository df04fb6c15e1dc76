import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { createGunzip } from "node:zlib";
import type { ManagementClient } from "auth0";
import { ExpectedError } from "../../infra/expected-error.ts";
import { managementClient } from "../management/management-client.ts";
import { managementFailure } from "../management/management-failure.ts";
import type { ManagementAccess } from "../management/request-access.ts";
import { readUser, type User } from "./user.ts";

/** What a decision, and a mapping to another system, look at. */
const fields = ["user_id", "email_verified", "picture", "identities", "user_metadata", "app_metadata"];

/** Milliseconds between two looks at the job, at most: the first ones follow faster. */
const lookEveryMs = 4000;

/** Auth0 deletes jobs after a day, and an export of a million users takes minutes. */
const giveUpAfterMs = 2 * 60 * 60_000;

/**
 * Every user of the tenant, by an export job: the only way to more than 1,000 of them. One is in memory at a time. What
 * changed since the job started is not in it.
 *
 * @throws ExpectedError `export-failed`, or `auth0-…`.
 */
export async function* exportUsers(access: ManagementAccess): AsyncGenerator<User, void, undefined> {
  for await (const line of exportedLines(access)) if (line.trim() !== "") yield readLine(line);
}

async function* exportedLines(access: ManagementAccess): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of exportedBytes(access)) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  yield rest + decoder.decode();
}

/**
 * The same as bytes, a user as JSON on each line, for whoever reads the lines elsewhere.
 *
 * @throws ExpectedError `export-failed`, or `auth0-…`.
 */
export async function* exportedBytes(access: ManagementAccess): AsyncGenerator<Uint8Array, void, undefined> {
  const location = await finishedExport(access);
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
async function finishedExport(access: ManagementAccess): Promise<string> {
  try {
    const sdk = await managementClient(access);
    const job = await sdk.jobs.usersExports.create({
      format: "json",
      fields: fields.map((name) => ({ name })),
    });
    return await waitForExport(sdk, job.id);
  } catch (error) {
    throw managementFailure(error, access.domain, "an export of all users");
  }
}

async function waitForExport({ jobs }: ManagementClient, id: string): Promise<string> {
  const end = Date.now() + giveUpAfterMs;
  for (let waitMs = 250; Date.now() < end; waitMs = Math.min(waitMs * 2, lookEveryMs)) {
    const { status, location } = await jobs.get(id);
    if (status === "completed" && location !== undefined) return location;
    if (status === "failed") throw exportFailed("Auth0 says that it failed");
    await sleep(waitMs);
  }
  throw exportFailed("it did not end within two hours");
}

function exportFailed(why: string, options?: ErrorOptions): ExpectedError {
  const message = `The export of all users (job users_export) gave nothing: ${why}. Try again.`;
  return new ExpectedError("export-failed", message, options);
}
