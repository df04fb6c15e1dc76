import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { addLog } from "../state/tenant-state.ts";
import type { TenantContext } from "../tenant-context.ts";
import { ManagementError, paged, queryInteger, queryValue, selectFields, type Query } from "./answer.ts";
import { needs } from "./authorize.ts";

/** /api/v2/logs: what happened, newest first by page, or oldest first after the `from` of a checkpoint. */
export function registerLogs(app: FastifyInstance, context: TenantContext): void {
  const { logs } = context.state;

  app.get<{ Querystring: Query }>("/logs", needs("read:logs", "read:logs_users"), (request) => {
    const { query } = request;
    const from = queryValue(query, "from");
    if (from !== undefined || queryValue(query, "take") !== undefined) {
      const take = queryInteger(query, "take", 50, 100);
      return logs.filter(({ log_id }) => log_id > (from ?? "")).slice(0, take);
    }
    const { items, perPage, start, total } = paged(logs.toReversed(), query);
    const shown = items.map((event) => selectFields(event, query));
    if (queryValue(query, "include_totals") !== "true") return shown;
    return { start, limit: perPage, length: shown.length, logs: shown, total };
  });

  app.get<{ Params: { id: string } }>("/logs/:id", needs("read:logs", "read:logs_users"), (request) => {
    const event = logs.find(({ log_id }) => log_id === request.params.id);
    // The words were not observed.
    if (!event) throw new ManagementError(404, "Log not found", "inexistent_log");
    return event;
  });

  const logged = new WeakSet<FastifyRequest>();
  const logWrite = (request: FastifyRequest, { statusCode }: FastifyReply): void => {
    if (request.method === "GET" || statusCode >= 300 || logged.has(request)) return;
    logged.add(request);
    addLog(logs, { type: "sapi", description: `${request.method} ${request.routeOptions.url ?? ""}` });
  };
  // Before the answer is saved with --data, so that nothing of a write is left to be written afterwards.
  app.addHook("preSerialization", (request, reply, payload, done) => {
    logWrite(request, reply);
    done(null, payload);
  });
  // An answer without a body is not serialized.
  app.addHook("onResponse", (request, reply, done) => {
    logWrite(request, reply);
    done();
  });
}
