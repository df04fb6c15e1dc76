import type { Clock } from "../../lib/clock.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { retryAfterMs, withRetry } from "../../lib/retry.ts";
import { parseUrl } from "../../lib/url.ts";
import { readPath } from "../../policy/login.ts";
import type { DiscourseSettings } from "./discourse-settings.ts";

export interface DiscourseRequest {
  readonly method: "GET" | "POST" | "PUT";
  /** Below the forum's address, with a leading slash; its parts are percent-encoded already. */
  readonly path: string;
  /** What the request does, for messages: it names no person. */
  readonly purpose: string;
  readonly form?: Readonly<Record<string, string>>;
  /** Goes with the form, as the field `file`. */
  readonly file?: { readonly name: string; readonly contentType: string; readonly content: Buffer };
}

export interface DiscourseAnswer {
  readonly status: number;
  /** Parsed JSON; undefined where the body is none. */
  readonly body: unknown;
}

export type SendToDiscourse = (request: DiscourseRequest) => Promise<DiscourseAnswer>;

const timeoutMs = 30_000;
/** Before the second and the third attempt. Every request that we send may be repeated. */
const retryDelaysMs = [1000, 4000];
const mostRefusals = 10;

/**
 * Sends requests with the key and the acting user in headers. A rate limit is waited out, a fault of the server or the
 * network is tried again twice.
 *
 * Throws ExpectedError `discourse-unreachable`, `discourse-redirects`, `discourse-key-refused`,
 * `discourse-rate-limited`, or `discourse-error` for a status of 500 or more. No other status throws.
 */
export function sendToDiscourse(settings: DiscourseSettings, clock: Clock): SendToDiscourse {
  const gate = rateLimitGate(clock);
  return (request) =>
    withRetry(() => sendThroughGate(settings, { gate, clock }, request), pauseAfterFault, clock.sleep);
}

/** Of the server or the network; what Discourse refuses, it refuses again. */
const faults = new Set(["discourse-unreachable", "discourse-error"]);

function pauseAfterFault(error: unknown, failures: number): number | undefined {
  return error instanceof ExpectedError && faults.has(error.code) ? retryDelaysMs[failures - 1] : undefined;
}

async function sendThroughGate(
  settings: DiscourseSettings,
  { gate, clock }: { readonly gate: RateLimitGate; readonly clock: Clock },
  request: DiscourseRequest,
): Promise<DiscourseAnswer> {
  for (let refusals = 1; refusals <= mostRefusals; refusals += 1) {
    await gate.pass();
    const response = await sendOnce(settings, request);
    const body = await readBody(response);
    if (response.status !== 429) return answerOf(settings, request, response, body);
    const waitSeconds = readPath(body, "extras", "wait_seconds");
    gate.closeFor(askedWaitMs(retryAfterMs(response.headers, clock.now()), waitSeconds, refusals));
  }
  throw new ExpectedError(
    "discourse-rate-limited",
    `${settings.url} answered ${mostRefusals} times in a row that there are too many requests. Another program uses up its limit ` +
      `(DISCOURSE_MAX_ADMIN_API_REQS_PER_MINUTE counts all keys together): try again later.`,
  );
}

function answerOf(
  settings: DiscourseSettings,
  { purpose }: DiscourseRequest,
  response: Response,
  body: unknown,
): DiscourseAnswer {
  const { status } = response;
  if (status >= 500) {
    const message = `${settings.url} answered ${status} when asked to ${purpose}. Check ${settings.url}/logs.`;
    throw new ExpectedError("discourse-error", message);
  }
  if (status >= 300 && status < 400) throw redirected(settings, response);
  // 403 has other meanings too (an account that is not valid): only this one is about the key.
  if (status === 403 && readPath(body, "error_type") === "invalid_access")
    throw keyRefused(settings, purpose);
  return { status, body };
}

async function sendOnce(
  { url, apiKey, apiUsername }: DiscourseSettings,
  request: DiscourseRequest,
): Promise<Response> {
  try {
    return await fetch(`${url}${request.path}`, {
      method: request.method,
      headers: { accept: "application/json", "api-key": apiKey, "api-username": apiUsername },
      ...bodyOf(request),
      // A redirect would take the key to another host.
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (cause) {
    const code = readPath(cause, "cause", "code");
    const why = typeof code === "string" ? code : `no answer within ${timeoutMs / 1000} s`;
    const message = `${url} (DISCOURSE_URL or discourse:url) could not be reached: ${why}. Check the address and the network, then try again.`;
    throw new ExpectedError("discourse-unreachable", message, { cause });
  }
}

function bodyOf({ form, file }: DiscourseRequest): { readonly body?: URLSearchParams | FormData } {
  if (file === undefined) return form === undefined ? {} : { body: new URLSearchParams(form) };
  const body = new FormData();
  for (const [name, value] of Object.entries(form ?? {})) body.append(name, value);
  body.append("file", new Blob([new Uint8Array(file.content)], { type: file.contentType }), file.name);
  return { body };
}

async function readBody(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    // An empty body, or a proxy's page: the status says enough.
    return undefined;
  }
}

function redirected({ url }: DiscourseSettings, response: Response): ExpectedError {
  const to = parseUrl(response.headers.get("location") ?? "")?.origin ?? "another address";
  return new ExpectedError(
    "discourse-redirects",
    `${url} redirects to ${to}. The key was not sent there. Set DISCOURSE_URL (or discourse:url) to the forum's own address.`,
  );
}

function keyRefused({ url, apiUsername }: DiscourseSettings, purpose: string): ExpectedError {
  return new ExpectedError(
    "discourse-key-refused",
    `${url} does not let the API key ${purpose} as ${apiUsername}. The key is wrong or revoked, belongs to another user, or is ` +
      `a granular one without that scope: see docs/discourse.md.`,
  );
}

/** Longer waits are said instead of waited for: Discourse's limits count minutes, or a whole day. */
const longestWaitMs = 15 * 60_000;

/** Every request to one forum passes here: its limit is shared by all keys, so one refusal holds all of ours back. */
interface RateLimitGate {
  /** Resolves when nothing is to be waited for. */
  readonly pass: () => Promise<void>;
  /**
   * @throws ExpectedError `discourse-rate-limited` where the wait is too long.
   */
  readonly closeFor: (ms: number) => void;
}

function rateLimitGate(clock: Clock): RateLimitGate {
  let opensAt = 0;
  return {
    pass: async () => {
      for (let wait = opensAt - clock.now(); wait > 0; wait = opensAt - clock.now()) await clock.sleep(wait);
    },
    closeFor: (ms) => {
      if (ms > longestWaitMs) {
        throw new ExpectedError(
          "discourse-rate-limited",
          `Discourse demands a wait of ${Math.ceil(ms / 60_000)} minutes before the next request. Run the command again after that.`,
        );
      }
      opensAt = Math.max(opensAt, clock.now() + ms);
    },
  };
}

/**
 * How long a 429 asks to wait: by its header, else by `extras.wait_seconds` of Discourse's JSON, else a guess. One second
 * more, since both are rounded.
 *
 * @param headerMs What `Retry-After` says, in milliseconds.
 * @param attempt 1 for the first 429 in a row.
 */
function askedWaitMs(headerMs: number | undefined, waitSeconds: unknown, attempt: number): number {
  const asked = headerMs ?? (typeof waitSeconds === "number" ? waitSeconds * 1000 : NaN);
  return Number.isFinite(asked) && asked >= 0 ? asked + 1000 : Math.min(10_000 * attempt, 60_000);
}
