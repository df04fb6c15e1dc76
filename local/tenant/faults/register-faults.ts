import { setTimeout as delay } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { TenantContext } from "../tenant-context.ts";
import { changeBuild, startsBuild } from "./build-fault.ts";
import { sendBadGateway, sendInternalError, sendTooManyRequests } from "./failed-answer.ts";
import type { Fault, FaultKind } from "./fault-rule.ts";
import type { StaleAnswers } from "./stale-answers.ts";
import { createStaleAnswers } from "./stale-answers.ts";
import type { DecidingFaults } from "./tenant-faults.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** What shall befall this request. */
    faults: readonly Fault[];
  }
}

/**
 * The hooks that make the decided faults happen. Register them after all else that waits for an answer to be durable:
 * `drop-after` ends the connection last. It has no effect on what oidc-provider answers by itself.
 */
export function registerFaults(app: FastifyInstance, context: TenantContext, faults: DecidingFaults): void {
  const answers = createStaleAnswers();
  app.decorateRequest("faults");
  app.addHook("onRequest", async (request, reply) => {
    request.faults = decided(request, faults);
    for (const { kind } of request.faults) {
      context.log(`fault ${kind}: ${request.method} ${request.routeOptions.url ?? ""}`);
    }
    return beforeEffect(request, reply);
  });
  app.addHook("preHandler", async (request, reply) => {
    const stale = staleAnswer(request, answers);
    if (stale === undefined) return;
    return reply.type(stale.contentType).send(stale.payload);
  });
  app.addHook("onSend", (request, reply, payload, done) => {
    const isSuccess = reply.statusCode >= 200 && reply.statusCode < 300;
    if (typeof payload === "string" && isSuccess) {
      const keepsReads = faults.rules().some(({ kind }) => kind === "stale-read");
      if (keepsReads) keepAnswer(request, reply, payload, answers);
      if (startsBuild(request.method, request.routeOptions.url))
        changeBuild(context.state, payload, request.faults);
    }
    if (faultOf(request, "drop-after")) request.raw.socket.destroy();
    done();
  });
}

function decided(request: FastifyRequest, faults: DecidingFaults): readonly Fault[] {
  const { method, routeOptions, url } = request;
  const route = routeOptions.url;
  if (route === undefined || route.startsWith("/local/")) return [];
  return faults.decide({ method, path: url.split("?", 1)[0] ?? url, route });
}

/** Waits, and answers or hangs up where the request shall have no effect; then nothing else sees the request. */
async function beforeEffect(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  for (const { kind, ms } of request.faults) {
    if (kind === "latency") await delay(ms, undefined, { ref: false });
    if (kind === "429") return sendTooManyRequests(reply, ms);
    if (kind === "500") return sendInternalError(reply);
    if (kind === "502") return sendBadGateway(reply);
    if (kind !== "drop-before") continue;
    reply.hijack();
    request.raw.socket.destroy();
    return reply;
  }
  return undefined;
}

/** Looked up after the token and the query were checked: a stale read is no way around them. */
function staleAnswer(request: FastifyRequest, answers: StaleAnswers) {
  const fault = faultOf(request, "stale-read");
  return fault && answers.find(answerKey(request), fault.ms);
}

function keepAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: string,
  answers: StaleAnswers,
): void {
  // What was stale once does not become new by being given again.
  if (request.method !== "GET" || staleAnswer(request, answers)) return;
  const contentType = String(reply.getHeader("content-type") ?? "application/json; charset=utf-8");
  answers.keep(answerKey(request), { payload, contentType, at: Date.now() });
}

/** With the token: what a list shows depends on its scopes. */
function answerKey({ headers, url }: FastifyRequest): string {
  return `${url} ${headers.authorization ?? ""}`;
}

function faultOf({ faults }: FastifyRequest, wanted: FaultKind): Fault | undefined {
  // A request that no hook has seen, such as one with a malformed URL, has no faults.
  return (faults as readonly Fault[] | undefined)?.find(({ kind }) => kind === wanted);
}
