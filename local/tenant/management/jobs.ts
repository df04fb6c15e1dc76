import type { FastifyInstance } from "fastify";
import type { ExportJobRecord, JobRecord } from "../state/job-record.ts";
import { without } from "../state/json.ts";
import { randomAlphanumeric } from "../state/random-id.ts";
import { millisecondTimestamp } from "../state/timestamps.ts";
import { packedExport } from "../state/user-export.ts";
import { importUsers } from "../state/user-import.ts";
import type { TenantContext } from "../tenant-context.ts";
import { needs } from "./authorize.ts";
import { findConnection } from "./connections.ts";
import { readImport } from "./import-form.ts";
import { usersExportSchema } from "./job-schemas.ts";
import { ManagementError } from "./management-error.ts";

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
      const { format = "json", ...input } = request.body ?? {};
      if (input.connection_id !== undefined) findConnection(context, input.connection_id);
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
  const percentage_done = job.status === "pending" ? 0 : 100;
  if (job.type === "users_import") {
    const view = without(job, "dueAt", "users", "failures", "fails");
    return { ...view, connection: context.state.connections.get(job.connection_id)?.name, percentage_done };
  }
  const location =
    job.status === "completed" ? { location: `${context.issuer}exports/${job.id}.${job.format}.gz` } : {};
  return { ...without(job, "dueAt"), percentage_done, ...location };
}

function checkDatabase(context: TenantContext, connectionId: string): void {
  const { strategy } = findConnection(context, connectionId);
  if (strategy === "auth0") return;
  throw new ManagementError(
    400,
    "Users can only be imported into a database connection.",
    "operation_not_supported",
  );
}
