import { setTimeout as sleep } from "node:timers/promises";
import type { ManagementAccess } from "../../auth0/management-token.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { parseJson } from "../../lib/json.ts";
import { rateLimitMs, withRetry } from "../../lib/retry.ts";

/** An answer as it came: facts look at what Auth0's SDK would leave out or rename. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; undefined where there is none. */
  readonly body: unknown;
}

export type Method = "GET" | "POST" | "PATCH" | "DELETE";

export interface CallOptions {
  /** Goes as JSON, or as it is where it is a form with files. */
  readonly body?: object;
  /** Instead of the run's own token. */
  readonly token?: string;
}

/** What the answers said of the rate limit. */
export interface RateLimitSeen {
  /** Answers of the Management API. */
  answers: number;
  /** Of those, the ones that lacked a header or had one that is not a number. */
  readonly lacking: string[];
  /** Of the last answer: requests, requests, Unix seconds. */
  last: { readonly limit: number; readonly remaining: number; readonly reset: number } | undefined;
}

/** Requests to one tenant, one after the other, at the pace that its rate limit asks for. */
export interface TenantCalls {
  /** Below `/api/v2`. */
  readonly api: (method: Method, path: string, options?: CallOptions) => Promise<Answer>;
  /** A form for the token endpoint. */
  readonly token: (form: Readonly<Record<string, string>>) => Promise<Answer>;
  readonly userinfo: (accessToken: string) => Promise<Answer>;
  readonly rateLimit: RateLimitSeen;
  /** From now on every call throws this, until `proceed`. */
  readonly stop: (reason: Error) => void;
  /** For cleaning up, which is done after a stop too. */
  readonly proceed: () => void;
}

/** Seconds until a request is given up. */
const timeoutMs = 30_000;

/** How often a request is sent that a rate limit stops, and one that can be repeated without harm. */
const tries = { limited: 6, repeated: 3 };

/** @throws ExpectedError `auth0-unreachable` from each call, after some attempts where repeating does no harm. */
export function tenantCalls({ domain, accessToken }: ManagementAccess): TenantCalls {
  const rateLimit: RateLimitSeen = { answers: 0, lacking: [], last: undefined };
  let stopped: Error | undefined;
  const send = (method: Method, path: string, init: RequestInit): Promise<Answer> =>
    withRetry(
      async () => {
        if (stopped !== undefined) throw stopped;
        return answered(await sent(`https://${domain}${path}`, domain, { ...init, method }));
      },
      (error, failures) => pauseAfter(error, failures, method),
    ).catch((error: unknown) => {
      if (error instanceof Refused) return error.answer;
      throw error;
    });
  return {
    api: async (method, path, { body, token = accessToken } = {}) => {
      await sleep(rateLimitPauseMs(rateLimit, Date.now()));
      const answer = await send(method, `/api/v2${path}`, bodyOf(body, { authorization: `Bearer ${token}` }));
      noteRateLimit(rateLimit, `${method} ${path}`, answer.headers);
      return answer;
    },
    token: (form) => send("POST", "/oauth/token", bodyOf(form, {})),
    userinfo: (token) => send("GET", "/userinfo", { headers: { authorization: `Bearer ${token}` } }),
    rateLimit,
    stop: (reason) => {
      stopped = reason;
    },
    proceed: () => {
      stopped = undefined;
    },
  };
}

function bodyOf(body: object | undefined, headers: Record<string, string>): RequestInit {
  if (body === undefined) return { headers };
  if (body instanceof FormData) return { headers, body };
  return { headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body) };
}

async function sent(url: string, domain: string, init: RequestInit): Promise<Answer> {
  try {
    const answer = await fetch(url, { ...init, redirect: "manual", signal: AbortSignal.timeout(timeoutMs) });
    const { status, headers } = answer;
    return { status, headers, body: parseJson(await answer.text()) };
  } catch (cause) {
    const path = new URL(url).pathname;
    const message = `${domain} did not answer to ${init.method ?? "GET"} ${path}. Check the network, then try again.`;
    throw new ExpectedError("auth0-unreachable", message, { cause });
  }
}

/** An answer that another attempt may make better. */
class Refused extends Error {
  constructor(readonly answer: Answer) {
    super(`answered ${answer.status}`);
  }
}

function answered(answer: Answer): Answer {
  if (answer.status === 429 || answer.status >= 500) throw new Refused(answer);
  return answer;
}

/** A write that got no clear answer may have been done, so it is not repeated; a removal may be done twice. */
function pauseAfter(error: unknown, failures: number, method: Method): number | undefined {
  if (error instanceof Refused && error.answer.status === 429) {
    const asked = rateLimitMs(error.answer.headers, Date.now());
    return failures < tries.limited ? Math.max(asked, 250 * 2 ** failures) : undefined;
  }
  const mayRepeat = method === "GET" || method === "DELETE";
  const isPassing =
    error instanceof Refused || (error instanceof ExpectedError && error.code === "auth0-unreachable");
  return mayRepeat && isPassing && failures < tries.repeated ? 500 * 2 ** failures : undefined;
}

/** Nothing while requests are left; else until the limit begins anew. */
function rateLimitPauseMs({ last }: RateLimitSeen, now: number): number {
  if (last === undefined || last.remaining > 0) return 0;
  return Math.min(Math.max(last.reset * 1000 - now, 0), 60_000);
}

function noteRateLimit(seen: RateLimitSeen, call: string, headers: Headers): void {
  const [limit = NaN, remaining = NaN, reset = NaN] = ["limit", "remaining", "reset"].map((name) =>
    Number(headers.get(`x-ratelimit-${name}`) ?? NaN),
  );
  seen.answers += 1;
  if ([limit, remaining, reset].some(Number.isNaN)) seen.lacking.push(call);
  else seen.last = { limit, remaining, reset };
}
