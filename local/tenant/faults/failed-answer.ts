import type { FastifyReply } from "fastify";
import { ManagementError, managementErrorBody } from "../management/management-error.ts";
import { rateLimitHeaders } from "./rate-limit.ts";

/** 429 as Auth0 documents it, the limit's reset being `ms` away; the message is remembered, not observed. */
export function sendTooManyRequests(reply: FastifyReply, ms: number): FastifyReply {
  const reset = Math.ceil((Date.now() + ms) / 1000);
  const refusal = new ManagementError(429, "Global limit has been reached", "too_many_requests");
  return reply
    .code(429)
    .headers({ ...rateLimitHeaders(0, reset), "retry-after": String(Math.ceil(ms / 1000)) })
    .send(managementErrorBody(refusal));
}

export function sendInternalError(reply: FastifyReply): FastifyReply {
  return reply.code(500).send(managementErrorBody(new ManagementError(500, "An internal error occurred.")));
}

/** Comes from what stands in front of the API, and so is no JSON. */
export function sendBadGateway(reply: FastifyReply): FastifyReply {
  return reply
    .code(502)
    .type("text/html")
    .send("<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>\n");
}
