import { setTimeout as delay } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ManagementError, managementErrorBody } from "../management/answer.ts";
import type { TenantContext } from "../tenant-context.ts";
import type { Fault, FaultKind } from "./fault-rule.ts";
import { changeBuild, startsBuild, type DecidingFaults } from "./tenant-faults.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The fault of this request. */
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

/** Waits, and answers or hangs up if the request must have no effect; then nothing else sees the request. */
async function beforeEffect(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  for (const { kind, ms } of request.faults) {
    if (kind === "latency") await delay(ms, undefined, { ref: false });
    if (kind === "429") return sendTooManyRequests(reply, ms);
    if (kind === "500") return sendInternalError(reply);
    if (kind === "502") return sendBadGateway(reply);
    if (kind === "503") return sendSearchTimeout(reply);
    if (kind !== "drop-before") continue;
    reply.hijack();
    request.raw.socket.destroy();
    return reply;
  }
  return undefined;
}

/** Looked up after the token and the query were checked: a stale read cannot bypass them. */
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

interface StaleAnswer {
  payload: string;
  contentType: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** The latest answers to reads, kept in order to be given once more. */
interface StaleAnswers {
  keep: (key: string, answer: StaleAnswer) => void;
  /** The latest one, unless it is older than `maxAgeMs`. */
  find: (key: string, maxAgeMs: number) => StaleAnswer | undefined;
}

/** More different reads than that a run's faults hardly concern. */
const maxAnswers = 1000;

function createStaleAnswers(): StaleAnswers {
  const answers = new Map<string, StaleAnswer>();
  return {
    keep: (key, answer) => {
      answers.delete(key);
      answers.set(key, answer);
      const [oldest] = answers.keys();
      if (answers.size > maxAnswers && oldest !== undefined) answers.delete(oldest);
    },
    find: (key, maxAgeMs) => {
      const answer = answers.get(key);
      return answer !== undefined && Date.now() - answer.at <= maxAgeMs ? answer : undefined;
    },
  };
}

/** 429 as Auth0 documents it, the limit's reset being `ms` away; the message is remembered, not observed. */
function sendTooManyRequests(reply: FastifyReply, ms: number): FastifyReply {
  const reset = Math.ceil((Date.now() + ms) / 1000);
  const refusal = new ManagementError(429, "Global limit has been reached", "too_many_requests");
  return reply
    .code(429)
    .headers({ ...rateLimitHeaders(0, reset), "retry-after": String(Math.ceil(ms / 1000)) })
    .send(managementErrorBody(refusal));
}

function sendInternalError(reply: FastifyReply): FastifyReply {
  return reply.code(500).send(managementErrorBody(new ManagementError(500, "An internal error occurred.")));
}

/** Documented for a search of more than two seconds; the words are remembered, not observed. */
function sendSearchTimeout(reply: FastifyReply): FastifyReply {
  const message = "The query exceeded the timeout. Please try refining your search criteria.";
  return reply.code(503).send(managementErrorBody(new ManagementError(503, message)));
}

/** Comes from a proxy in front of the API, so it is not JSON. */
function sendBadGateway(reply: FastifyReply): FastifyReply {
  return reply
    .code(502)
    .type("text/html")
    .send("<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>\n");
}

/**
 * Requests in one second. [unknown] which limit a tenant has depends on its plan; this one is only counted, and nobody is
 * refused for it: refusals come from a fault rule.
 */
const limit = 100;

/** Adds `x-ratelimit-limit`, `-remaining` and `-reset` (Unix seconds) to every answer of the Management API. */
export function addRateLimitHeaders(app: FastifyInstance): void {
  let second = 0;
  let asked = 0;
  app.addHook("onSend", (request, reply, _payload, done) => {
    if (request.url.startsWith("/api/v2/") && !reply.hasHeader("x-ratelimit-limit")) {
      const now = Math.floor(Date.now() / 1000);
      asked = now === second ? asked + 1 : 1;
      second = now;
      void reply.headers(rateLimitHeaders(Math.max(limit - asked, 0), now + 1));
    }
    done();
  });
}

/** The headers with `remaining` requests until `reset`, in Unix seconds. */
function rateLimitHeaders(remaining: number, reset: number): Record<string, string> {
  return {
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-reset": String(reset),
  };
}
