import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { request, type Dispatcher } from "undici";
import { ExpectedError } from "../../lib/errors.ts";
import { retryAfterMs } from "../../lib/retry.ts";
import { parseUrl } from "../../lib/url.ts";
import { imageTypeOf, magicLength } from "./image-format.ts";
import {
  guardedAgent,
  isPublicAddress,
  ProbeRefusal,
  type ProbeNetwork,
  type ProbeReason,
} from "./public-network.ts";

/** What a probe may take where the caller does not say otherwise. */
export const probeLimits: ProbeLimits = { timeoutMs: 15_000, maxBytes: 10_000_000, maxRedirects: 3 };

/**
 * Fetches a picture's URL so that it cannot be misused against the network it runs in: https only, with a certificate that
 * Node trusts, and only to addresses that are public at the moment of connecting, at each redirect again. It sends no
 * cookie and no credentials and ignores proxy settings of the environment.
 *
 * @param url Valid by the policy (validPictureUrl); that is not checked again.
 * @throws ExpectedError `picture-url-not-https`, `picture-url-not-public`, `picture-url-too-many-redirects`,
 * `picture-url-too-slow`, `picture-url-too-large`, `picture-url-not-an-image` or `picture-url-unreachable`.
 */
export async function probePictureUrl(
  url: string,
  limits: Partial<ProbeLimits> = {},
): Promise<ProbedPicture> {
  return probeWithNetwork(url, publicNetwork, { ...probeLimits, ...limits });
}

/** Public addresses, by this machine's own resolver. */
export const publicNetwork: ProbeNetwork = { lookup, isAllowed: isPublicAddress };

export interface ProbeLimits {
  /** For everything together, redirects included. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly maxRedirects: number;
  /** Whether the picture itself is wanted, and not only whether it is there. */
  readonly keepsContent?: boolean;
  /** An ETag that the host gave before: it answers 304 where the picture is still the same, which is a refusal with that status. */
  readonly ifNoneMatch?: string | undefined;
}

/** The picture behind a URL. */
export interface ProbedPicture {
  /** Where the last redirect led. */
  readonly finalUrl: string;
  /** As its first bytes say, not as its server does. */
  readonly contentType: string;
  /** How many it has. */
  readonly bytes: number;
  /** They, where they are wanted: a stranger's file. */
  readonly content?: Buffer;
  /** As the host sent it; undefined where it sent none. */
  readonly etag?: string | undefined;
}

/** As probePictureUrl, on a network that the caller chooses; errors as there. */
export async function probeWithNetwork(
  url: string,
  network: ProbeNetwork,
  limits: ProbeLimits,
): Promise<ProbedPicture> {
  const signal = AbortSignal.timeout(limits.timeoutMs);
  let at: URL | undefined;
  try {
    at = checkedUrl(url, undefined, network);
    for (let redirects = 0; redirects <= limits.maxRedirects; redirects++) {
      const found = await visit(at, { network, limits, signal });
      if (!(found instanceof URL)) return { finalUrl: at.href, ...found };
      at = found;
    }
    throw new ProbeRefusal("too-many-redirects", `redirects more than ${limits.maxRedirects} times`);
  } catch (error) {
    throw probeError(at ?? parseUrl(url), signal.aborted ? tooSlow(limits, error) : error);
  }
}

function tooSlow({ timeoutMs }: ProbeLimits, cause: unknown): ProbeRefusal {
  return new ProbeRefusal("too-slow", `took longer than ${timeoutMs / 1000} seconds`, { cause });
}

/** The URL, or the one that `from` redirects to, if it may be visited. */
function checkedUrl(text: string, from: URL | undefined, { isAllowed }: ProbeNetwork): URL {
  const url = parseUrl(text, from);
  const is = from === undefined ? "is" : "redirects to";
  if (url?.protocol !== "https:" || url.username !== "" || url.password !== "") {
    throw new ProbeRefusal("not-https", `${is} not an https URL without a user name and password`);
  }
  if (from !== undefined && leavesForPort(url, from)) {
    throw new ProbeRefusal("not-public", `${is} port ${url.port} of another host`);
  }
  const address = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(address) !== 0 && !isAllowed(address)) {
    throw new ProbeRefusal("not-public", `${is} an address that is not public`);
  }
  return url;
}

/** A redirect's target was not configured by us: a port other than https's could be any service. */
function leavesForPort(url: URL, from: URL): boolean {
  return url.port !== "" && url.host !== from.host;
}

interface Visit {
  readonly network: ProbeNetwork;
  readonly limits: ProbeLimits;
  readonly signal: AbortSignal;
}

/** One GET: the picture, or where it redirects to. */
async function visit(
  url: URL,
  { network, limits, signal }: Visit,
): Promise<URL | Omit<ProbedPicture, "finalUrl">> {
  const agent = guardedAgent(network, limits.timeoutMs);
  try {
    const answer = await request(url, {
      dispatcher: agent,
      signal,
      // Nothing that could tell the host who asks; unpacked, so that a few bytes cannot become many.
      headers: {
        accept: "image/*",
        "accept-encoding": "identity",
        "user-agent": "auth0-user-pictures",
        ...(limits.ifNoneMatch === undefined ? {} : { "if-none-match": limits.ifNoneMatch }),
      },
    });
    const location = redirectOf(answer);
    if (location !== undefined) return checkedUrl(location, url, network);
    return await readPicture(answer, limits);
  } finally {
    // Not awaited: it waits for a connection that is still being made, at most as long as that may take.
    void agent.destroy();
  }
}

function redirectOf({ statusCode, headers }: Dispatcher.ResponseData): string | undefined {
  const { location } = headers;
  return [301, 302, 303, 307, 308].includes(statusCode) && typeof location === "string"
    ? location
    : undefined;
}

async function readPicture(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  { maxBytes, keepsContent = false }: ProbeLimits,
): Promise<Omit<ProbedPicture, "finalUrl">> {
  if (statusCode !== 200) {
    const retryAfter = headers["retry-after"];
    const asked = { get: () => (typeof retryAfter === "string" ? retryAfter : null) };
    throw new ProbeRefusal("unreachable", `answers ${statusCode}`, {
      status: statusCode,
      retryAfterMs: retryAfterMs(asked, Date.now()),
    });
  }
  const claimed = headers["content-type"];
  if (typeof claimed !== "string" || !/^\s*image\//i.test(claimed)) {
    throw new ProbeRefusal("not-an-image", "does not say that it is an image (content type image/…)");
  }
  let bytes = 0;
  let head = Buffer.alloc(0);
  const kept: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (keepsContent) kept.push(chunk);
    if (head.length < magicLength) head = Buffer.concat([head, chunk.subarray(0, magicLength)]);
    if (bytes > maxBytes) throw new ProbeRefusal("too-large", `has more than ${maxBytes} bytes`);
  }
  const type = imageTypeOf(head);
  if (type === undefined) throw new ProbeRefusal("not-an-image", "is not a PNG, JPEG, GIF or WebP");
  const { etag } = headers;
  return {
    contentType: `image/${type}`,
    bytes,
    ...(keepsContent ? { content: Buffer.concat(kept) } : {}),
    ...(typeof etag === "string" ? { etag } : {}),
  };
}

const remedies: Readonly<Record<ProbeReason, string>> = {
  "not-https": "Use the picture's own https URL",
  "not-public": "Publish the picture on a public server",
  "too-many-redirects": "Use the URL at which they end",
  "too-slow": "Try again later, or publish the picture elsewhere",
  "too-large": "Publish a smaller picture",
  "not-an-image": "Use the URL of the image itself, not of a page that shows it",
  unreachable: "Open it in a browser without logging in, and use a URL that works there",
};

/** What the host answered to a probe that failed, where it answered at all. */
export function hostAnswerOf(error: unknown): Pick<ProbeRefusal, "status" | "retryAfterMs"> {
  const { cause } = Object(error) as { cause?: unknown };
  return cause instanceof ProbeRefusal ? cause : { status: undefined, retryAfterMs: undefined };
}

function probeError(url: URL | undefined, error: unknown): ExpectedError {
  const refusal = refusalIn(error);
  // Without its path: a path or query can be a key to what is behind it.
  const where = url === undefined ? "The picture's URL" : `The picture at ${url.host}`;
  const { reason, message } = refusal;
  return new ExpectedError(`picture-url-${reason}`, `${where} ${message}. ${remedies[reason]}.`, {
    cause: error,
  });
}

/** A refusal may come wrapped, since it crossed the connection; everything else is the connection's own failure. */
function refusalIn(error: unknown): ProbeRefusal {
  if (error instanceof ProbeRefusal) return error;
  if (error instanceof Error && error.cause instanceof ProbeRefusal) return error.cause;
  const code = error instanceof Error && "code" in error ? String(error.code) : "no answer";
  return new ProbeRefusal("unreachable", `cannot be reached (${code})`, { cause: error });
}
