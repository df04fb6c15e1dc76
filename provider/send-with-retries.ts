import { ApiError } from "./api-error.ts";

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
  readonly headers: Pick<Headers, "get">;
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
export const pausesMs = [500, 1000, 2000, 4000, 8000];
/** The longest wait for a rate limit's end; its period is a minute or less. */
const longestPauseMs = 60_000;

/**
 * Sends a request and gives the answer's JSON. Only where the request is repeatable it is sent again: after a lost answer
 * or a 5xx, and after the end of a rate limit (429). The others may be made of a read, which is old by then: who sends
 * them waits as long as the error says, and begins anew.
 *
 * @throws ApiError.
 */
export async function sendWithRetries(request: ApiRequest, options: SendOptions): Promise<unknown> {
  for (const pauseMs of [...pausesMs, undefined]) {
    const outcome = await attempt(request, options);
    if ("answer" in outcome) return outcome.answer;
    const { error } = outcome;
    const mayRepeat = request.repeatable && (error.waitMs !== undefined || error.isUncertain);
    if (!mayRepeat || pauseMs === undefined) throw error;
    await options.pause(Math.max(error.waitMs ?? 0, pauseMs));
  }
  throw new Error("The last attempt ends the loop.");
}

type Outcome = { readonly answer: unknown } | { readonly error: ApiError };

async function attempt({ method, url, headers, body }: ApiRequest, options: SendOptions): Promise<Outcome> {
  const request = `${method} ${url}`;
  try {
    const answer = await options.fetch(url, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(timeLimitMs),
    });
    const text = await answer.text();
    if (answer.ok) return { answer: text === "" ? undefined : (JSON.parse(text) as unknown) };
    const { status } = answer;
    const limit = status === 429 ? { waitMs: limitEnd(answer.headers, options.now()) } : {};
    return { error: new ApiError({ request, status, why: reason(status, text), ...limit }) };
  } catch (cause) {
    const code = (cause as { cause?: { code?: unknown } }).cause?.code;
    const why = typeof code === "string" ? `no answer (${code})` : "no answer";
    return { error: new ApiError({ request, status: undefined, why }, { cause }) };
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

/** `x-ratelimit-reset` is in Unix seconds, `retry-after` in seconds from now. */
function limitEnd(headers: FetchAnswer["headers"], now: number): number {
  const after = Number(headers.get("retry-after") ?? NaN) * 1000;
  const reset = Number(headers.get("x-ratelimit-reset") ?? NaN) * 1000 - now;
  const waitMs = [after, reset].find((ms) => Number.isFinite(ms)) ?? 0;
  return Math.min(Math.max(waitMs, 0), longestPauseMs);
}
