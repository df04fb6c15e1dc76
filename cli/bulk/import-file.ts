import type { Management } from "auth0";
import { ExpectedError } from "../../infra/expected-error.ts";
import { readPath } from "../../policy/read-path.ts";
import { managementFailure } from "../management/management-failure.ts";
import { patiently, statusOfFailure } from "../management/patiently.ts";
import { waitForJob } from "../management/wait-for-job.ts";
import type { BulkRun } from "./bulk-run.ts";
import type { FileInFlight } from "./files-in-flight.ts";
import type { Pack } from "./import-pack.ts";

/** What became of the sending of a file. `busy`: Auth0 has too many imports, or too many requests, and did not take it. */
export type Sent =
  | { readonly kind: "started"; readonly jobId: string }
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "busy" | "unknown" };

/** Sends a file, once. */
export async function sendFile(
  { sdk, people }: BulkRun,
  connectionId: string,
  { externalId }: FileInFlight,
  { rows }: Pack,
): Promise<Sent> {
  const users = Buffer.from(`[${rows.join(",")}]`);
  try {
    const job = await sdk.jobs.usersImports.create(
      {
        users: { data: users, filename: "users.json", contentType: "application/json" },
        connection_id: connectionId,
        upsert: true,
        send_completion_email: false,
        external_id: externalId,
      },
      // What is read gets old while one waits: it is read anew instead.
      { maxRetries: 0 },
    );
    return { kind: "started", jobId: job.id };
  } catch (error) {
    const status = statusOfFailure(error);
    if (status === 429) return { kind: "busy" };
    const failure = managementFailure(error, people.access.domain, "an import of users");
    if (status === 400) return { kind: "refused", why: String(readPath(failure, "message")) };
    const isUnclear =
      (status !== undefined && status >= 500) || readPath(failure, "code") === "auth0-unreachable";
    if (isUnclear) return { kind: "unknown" };
    throw failure;
  }
}

/** What an import did. */
export interface ImportResult {
  /** How many users it made: they were deleted after they were read. */
  readonly inserted: number;
  /** Why, by the user's id without its prefix. */
  readonly refused: ReadonlyMap<string, string>;
  /** False where more were refused than can be told: then nobody is known to have been changed. */
  readonly isClear: boolean;
}

/** Waits for the job's end and reads its errors; undefined where nobody can say what it did. */
export async function resultOf(
  { sdk, people, pace }: BulkRun,
  jobId: string,
): Promise<ImportResult | undefined> {
  try {
    const job = await patiently(() => waitForJob(sdk, jobId, pace.imports));
    if (job === undefined || job.status === "failed") return undefined;
    const { failed, inserted = 0 } = job.summary ?? {};
    const refused = failed === 0 ? new Map<string, string>() : await refusedBy(sdk, jobId);
    return { inserted, refused, isClear: failed === undefined || failed <= refused.size };
  } catch (error) {
    throw managementFailure(error, people.access.domain, "an import of users");
  }
}

async function refusedBy(sdk: BulkRun["sdk"], jobId: string): Promise<Map<string, string>> {
  const answer: unknown = await patiently(() => sdk.jobs.errors.get(jobId));
  const refused = new Map<string, string>();
  for (const { user, errors } of Array.isArray(answer)
    ? (answer as Management.GetJobErrorResponseContent[])
    : []) {
    const id = readPath(user, "user_id");
    const why = (errors ?? []).map(({ code = "unknown", path = "" }) =>
      path === "" ? code : `${code} at ${path}`,
    );
    if (typeof id === "string") refused.set(id, why.join(", "));
  }
  return refused;
}

/** The id of a database connection; undefined where Auth0 does not show it. */
export async function connectionIdOf({ sdk, people }: BulkRun, name: string): Promise<string | undefined> {
  try {
    const { data } = await patiently(() => sdk.connections.list({ name, fields: "id,name,strategy" }));
    const found = data.find((connection) => connection.name === name);
    return found?.strategy === "auth0" ? found.id : undefined;
  } catch (error) {
    throw managementFailure(error, people.access.domain, "reading the connection");
  }
}

export function importsKeepFailing(): ExpectedError {
  return new ExpectedError(
    "imports-failed",
    "Auth0 took none of several imports in a row. What was done is noted: run the same command again later to go on.",
  );
}
