import { requestManagementToken } from "../../auth0/management-token.ts";
import { rateLimitMs, withRetry, type AnswerHeaders } from "../../lib/retry.ts";
import { ApiError } from "./errors.ts";
import type { ProviderSettings } from "./read-settings.ts";

/** The tenant's Management API, as far as resources need it. */
export interface ManagementApi {
  /** Reads below `/api/v2`; repeated where the answer was lost. */
  get(path: string): Promise<unknown>;
  /** Writes below `/api/v2`; never repeated, see write-retries.ts. */
  patch(path: string, body: object): Promise<unknown>;
  /** For reads that wait until a write shows, and for writes that a rate limit stopped. */
  readonly pause: (ms: number) => Promise<void>;
}

/** Opens the Management API. The token is asked for at the first request, once. */
export function managementApi(
  { domain, credentials }: ProviderSettings,
  options: SendOptions,
): ManagementApi {
  const origin = `https://${domain}`;
  let token: Promise<string> | undefined;
  const authorization = async () => {
    if ("token" in credentials) return credentials.token;
    token ??= requestToken(domain, credentials, options);
    return token;
  };
  const send = async (request: ApiRequest) => {
    const headers = { authorization: `Bearer ${await authorization()}` };
    return sendWithRetries({ ...request, url: `${origin}/api/v2${request.url}`, headers }, options);
  };
  return {
    get: (path) => send({ method: "GET", url: path, repeatable: true }),
    patch: (path, body) => send({ method: "PATCH", url: path, body, repeatable: false }),
    pause: options.pause,
  };
}

async function requestToken(
  domain: string,
  client: { readonly clientId: string; readonly clientSecret: string },
  options: SendOptions,
): Promise<string> {
  const refused = (status: number) =>
    new ApiError({ request: `POST https://${domain}/oauth/token`, status, why: `status ${status}` });
  return (await requestManagementToken({ domain, ...client }, { ...options, refused })).accessToken;
}

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PATCH";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** Whether doing it twice is the same as doing it once. */
  readonly repeatable: boolean;
}

interface FetchAnswer {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: AnswerHeaders;
  text(): Promise<string>;
}

export interface SendOptions {
  /** As Node's own, of which less is needed. */
  readonly fetch: (url: string, init: RequestInit) => Promise<FetchAnswer>;
  readonly pause: (ms: number) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** How long one answer may take, in milliseconds. */
const timeLimitMs = 30_000;
/** Pauses before the next attempts after a failure, in milliseconds; a rate limit may make them longer. */
const pausesMs = [500, 1000, 2000, 4000, 8000];

/**
 * Sends a request and gives the answer's JSON. Only where the request is repeatable it is sent again: after a lost answer
 * or a 5xx, and after the end of a rate limit (429). The others may be made of a read, which is old by then: who sends
 * them waits as long as the error says, and begins anew.
 *
 * @throws ApiError.
 */
export function sendWithRetries(request: ApiRequest, options: SendOptions): Promise<unknown> {
  const pauseAfter = (error: unknown, failures: number) => {
    if (!request.repeatable || !(error instanceof ApiError)) return undefined;
    if (error.waitMs === undefined && !error.isUncertain) return undefined;
    const pauseMs = pausesMs[failures - 1];
    return pauseMs === undefined ? undefined : Math.max(error.waitMs ?? 0, pauseMs);
  };
  return withRetry(() => sendOnce(request, options), pauseAfter, options.pause);
}

async function sendOnce(
  { method, url, headers, body }: ApiRequest,
  { fetch: send, now }: SendOptions,
): Promise<unknown> {
  const request = `${method} ${url}`;
  try {
    const answer = await send(url, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(timeLimitMs),
    });
    const text = await answer.text();
    if (answer.ok) return text === "" ? undefined : (JSON.parse(text) as unknown);
    const { status } = answer;
    const limit = status === 429 ? { waitMs: rateLimitMs(answer.headers, now()) } : {};
    throw new ApiError({ request, status, why: reason(status, text), ...limit });
  } catch (cause) {
    if (cause instanceof ApiError) throw cause;
    const code = (cause as { cause?: { code?: unknown } }).cause?.code;
    const why = typeof code === "string" ? `no answer (${code})` : "no answer";
    throw new ApiError({ request, status: undefined, why }, { cause });
  }
}

/** Auth0's messages of 403 name the scope; those of other refusals may repeat what was sent. */
function reason(status: number, text: string): string {
  const message = status === 403 ? messageOf(text) : undefined;
  return message === undefined ? `status ${status}` : `status ${status}, ${message}`;
}

function messageOf(text: string): string | undefined {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === "string" ? message : undefined;
  } catch {
    return undefined;
  }
}

/** How often a write is begun whose answer is lost. */
const maxAttempts = 3;

/**
 * For a write that is made of a read: after its failure the caller reads anew, since others may have written meanwhile.
 *
 * @returns what a failure of the write is handed to. It is back when it is time for the next attempt: after the end of a
 *   rate limit, or at once where the answer was lost. Any other failure, or one too many, is thrown again.
 */
export function writeRetries({ pause }: Pick<ManagementApi, "pause">): (error: unknown) => Promise<void> {
  let lost = 0;
  let limited = 0;
  return async (error) => {
    if (!(error instanceof ApiError)) throw error;
    if (error.waitMs !== undefined) {
      const pauseMs = pausesMs[limited];
      if (pauseMs === undefined) throw error;
      limited += 1;
      await pause(Math.max(error.waitMs, pauseMs));
      return;
    }
    lost += 1;
    if (!error.isUncertain || lost === maxAttempts) throw error;
  };
}
