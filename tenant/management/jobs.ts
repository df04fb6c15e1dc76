import type { FastifyInstance } from "fastify";
import { isJsonObject, without, type JsonObject } from "../../lib/json.ts";
import type { ConnectionRecord } from "../state/connection.ts";
import { millisecondTimestamp, randomAlphanumeric } from "../state/ids-and-timestamps.ts";
import type { ExportJobRecord, ImportJobRecord, JobRecord } from "../state/tenant-state.ts";
import { importUsers, packedExport } from "../state/user-files.ts";
import type { TenantContext } from "../tenant-context.ts";
import { ManagementError } from "./answer.ts";
import { needs } from "./authorize.ts";

/** Auth0's limit for imports at the same time. */
const maxActiveImports = 2;

/** At Auth0 an export's address expires after a while; here when so many later ones are there, or the process ends. */
const keptExportFiles = 4;

type ExportInput = Pick<ExportJobRecord, "limit" | "fields"> & {
  connection_id?: string;
  format?: ExportJobRecord["format"];
};

/** /api/v2/jobs: users-exports, users-imports, a job and its errors. Documented, not observed. */
export function registerJobs(app: FastifyInstance, context: TenantContext): void {
  app.post<{ Body: ExportInput | null }>(
    "/jobs/users-exports",
    { ...needs("read:users"), schema: { body: usersExportSchema } },
    (request) => {
      const { format = "csv", ...input } = request.body ?? {};
      if (input.connection_id !== undefined) connectionOfJob(context, input.connection_id);
      return startJob(context, { ...newJob(context), type: "users_export", format, ...input });
    },
  );

  app.post("/jobs/users-imports", needs("create:users"), async (request, reply) => {
    const form = await readImport(request.body, request.headers["content-type"]);
    checkDatabase(context, form.connection_id);
    const active = [...context.state.jobs.values()].filter(
      ({ status, type }) => type === "users_import" && status === "pending",
    );
    if (active.length >= maxActiveImports) {
      throw new ManagementError(
        429,
        `There are ${active.length} active import users jobs, please wait until some of them are finished and try again`,
        "too_many_requests",
      );
    }
    const fails = request.faults.some(({ kind }) => kind === "failing-import") ? { fails: true } : {};
    const job = { ...newJob(context), type: "users_import" as const, failures: [], ...form, ...fails };
    return reply.code(202).send(startJob(context, job));
  });

  app.get<{ Params: { id: string } }>("/jobs/:id", needs("create:users", "read:users"), (request) =>
    jobView(context, findJob(context, request.params.id)),
  );

  app.get<{ Params: { id: string } }>(
    "/jobs/:id/errors",
    needs("create:users", "read:users"),
    (request, reply) => {
      const job = findJob(context, request.params.id);
      if (job.type === "users_import" && job.failures.length > 0) return job.failures;
      return reply.code(204).send();
    },
  );
}

/** Where `location` of an export leads, past the Management API: the address itself is the permission, as at Auth0. */
export function registerExportFiles(app: FastifyInstance, context: TenantContext): void {
  app.get<{ Params: { id: string; format: string } }>("/exports/:id.:format.gz", (request, reply) => {
    const { id, format } = request.params;
    const job = context.state.jobs.get(id);
    const file = context.exportFiles.get(id);
    const isThere = job?.type === "users_export" && job.format === format && file !== undefined;
    return isThere ? reply.type("application/gzip").send(file) : reply.code(404).send();
  });
}

function newJob({ jobMs }: TenantContext): Pick<JobRecord, "id" | "status" | "created_at" | "dueAt"> {
  return {
    id: `job_${randomAlphanumeric(16)}`,
    status: "pending",
    created_at: millisecondTimestamp(),
    dueAt: Date.now() + jobMs,
  };
}

/** Keeps the job and has its work done when it is due, looked at or not. */
function startJob(context: TenantContext, job: JobRecord): object {
  context.state.jobs.set(job.id, job);
  setTimeout(() => {
    finishJob(context, job);
  }, context.jobMs).unref();
  return jobView(context, job);
}

/** Exports that are being written. */
const underWay = new WeakSet<JobRecord>();

function finishJob(context: TenantContext, job: JobRecord): void {
  if (job.status !== "pending" || underWay.has(job)) return;
  if (job.type === "users_export") {
    underWay.add(job);
    void writeExport(context, job);
    return;
  }
  job.status = "completed";
  const connection = context.state.connections.get(job.connection_id);
  if (connection && job.fails !== true) importUsers(context.state, job, connection);
  else job.status = "failed";
  context.changed();
}

async function writeExport({ state, exportFiles, changed, log }: TenantContext, job: ExportJobRecord) {
  try {
    exportFiles.set(job.id, await packedExport(state, job));
    for (const id of [...exportFiles.keys()].slice(0, -keptExportFiles)) exportFiles.delete(id);
    job.status = "completed";
  } catch (cause) {
    log(`An export failed: ${String(cause)}`);
    job.status = "failed";
  }
  changed();
}

function findJob(context: TenantContext, id: string): JobRecord {
  const job = context.state.jobs.get(id);
  // The words were not observed.
  if (!job) throw new ManagementError(404, "The job does not exist", "inexistent_job");
  // A timer may come late, and none is left after a restart.
  if (Date.now() >= job.dueAt) finishJob(context, job);
  return job;
}

function jobView(context: TenantContext, job: JobRecord): object {
  const percentage_done = job.status === "pending" ? {} : { percentage_done: 100 };
  if (job.type === "users_import") {
    const view = without(job, "dueAt", "users", "failures", "fails", "upsert", "send_completion_email");
    return {
      ...view,
      connection: context.state.connections.get(job.connection_id)?.name,
      ...percentage_done,
    };
  }
  const location =
    job.status === "completed" ? { location: `${context.issuer}exports/${job.id}.${job.format}.gz` } : {};
  return { ...without(job, "dueAt"), ...percentage_done, ...location };
}

/** A job for a connection that does not exist is a bad request, unlike a look at that connection. */
function connectionOfJob(context: TenantContext, id: string): ConnectionRecord {
  const connection = context.state.connections.get(id);
  if (!connection) throw new ManagementError(400, "The connection does not exist", "inexistent_connection");
  return connection;
}

function checkDatabase(context: TenantContext, connectionId: string): void {
  const { strategy } = connectionOfJob(context, connectionId);
  if (strategy === "auth0") return;
  throw new ManagementError(
    400,
    "Users can only be imported into a database connection.",
    "operation_not_supported",
  );
}

const usersExportSchema = {
  type: ["object", "null"],
  additionalProperties: false,
  properties: {
    connection_id: { type: "string", pattern: "^con_[A-Za-z0-9]{16}$" },
    format: { type: "string", enum: ["json", "csv"] },
    limit: { type: "integer", minimum: 1 },
    fields: {
      type: "array",
      maxItems: 30,
      items: {
        type: "object",
        required: ["name"],
        additionalProperties: false,
        properties: {
          name: { type: "string", minLength: 1, maxLength: 100 },
          export_as: { type: "string", minLength: 1, maxLength: 100 },
        },
      },
    },
  },
} as const;

type ImportForm = Pick<
  ImportJobRecord,
  "connection_id" | "upsert" | "send_completion_email" | "external_id" | "users"
>;

/** Auth0's limit for the file of an import: 500 KB. */
const maxFileBytes = 512_000;

/**
 * The form of an import, multipart/form-data with the file `users` (a JSON array). 400 for what is missing or no JSON, 413
 * for too large a file; no refusal's words were observed but those of the 413.
 */
async function readImport(body: unknown, contentType = ""): Promise<ImportForm> {
  if (!Buffer.isBuffer(body)) throw badForm("Expected multipart/form-data with the file 'users'");
  const form = await parsedForm(body, contentType);
  const file = form.get("users");
  if (file === null) throw badForm("Missing required property: users");
  const bytes = typeof file === "string" ? Buffer.byteLength(file) : file.size;
  if (bytes > maxFileBytes) {
    throw new ManagementError(
      413,
      `Payload content length greater than maximum allowed: ${maxFileBytes}`,
      "invalid_body",
    );
  }
  if (bytes === 0) throw new ManagementError(400, "Users file must not be empty.", "invalid_body");
  const connection_id = textOf(form, "connection_id");
  if (connection_id === undefined) throw badForm("Missing required property: connection_id");
  const external_id = textOf(form, "external_id");
  return {
    connection_id,
    upsert: textOf(form, "upsert") === "true",
    send_completion_email: textOf(form, "send_completion_email") !== "false",
    ...(external_id === undefined ? {} : { external_id }),
    users: usersOf(typeof file === "string" ? file : await file.text()),
  };
}

async function parsedForm(body: Buffer, contentType: string): Promise<FormData> {
  try {
    // Deprecated as too greedy for servers on the internet; here the server's limit bounds a body, and one reads it: tests.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    return await new Response(new Uint8Array(body), { headers: { "content-type": contentType } }).formData();
  } catch {
    throw badForm("The form cannot be read");
  }
}

function textOf(form: FormData, name: string): string | undefined {
  const value = form.get(name);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function usersOf(text: string): JsonObject[] {
  let users: unknown;
  try {
    users = JSON.parse(text);
  } catch {
    throw badForm("Failed to parse users file JSON when importing users. Make sure it is valid JSON.");
  }
  if (!Array.isArray(users) || !users.every(isJsonObject)) {
    throw badForm("Expected an array of objects in the file 'users'");
  }
  return users;
}

function badForm(problem: string): ManagementError {
  return new ManagementError(400, `Payload validation error: '${problem}'.`, "invalid_body");
}
