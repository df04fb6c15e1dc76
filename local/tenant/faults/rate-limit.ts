import type { FastifyInstance } from "fastify";

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
export function rateLimitHeaders(remaining: number, reset: number): Record<string, string> {
  return {
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-reset": String(reset),
  };
}
