import { open, rm, stat } from "node:fs/promises";
import type { Dispatcher, Response } from "undici";
import { envVar, type Environment } from "../../lib/environment.ts";
import { retryAfterMs, withRetry } from "../../lib/retry.ts";
import { ToolchainError } from "./artifact.ts";

/** How patient a download is; all in milliseconds. */
export interface DownloadLimits {
  /** Until connected, the TLS handshake included. */
  readonly connect: number;
  /** Longest silence of a connected server. */
  readonly silence: number;
  /** Before each further attempt. An attempt that brought something starts the list again. */
  readonly pauses: readonly number[];
}

export interface DownloadFileOptions {
  /** Names the proxy, and hosts that are asked without it, as curl and npm take them. */
  readonly env: Environment;
  readonly limits: DownloadLimits;
  /** Hears how much of the file is there, and how much there will be where the server says that. */
  readonly onBytes: (bytes: number, total: number | undefined) => void;
  /** Hears why a transfer goes on with a new connection. */
  readonly onBreak: (why: string) => void;
}

/** A host that gave no answer at all: whoever has more to fetch from it need not ask. */
export class UnreachableError extends ToolchainError {
  constructor(message: string, options?: ErrorOptions) {
    super("DOWNLOAD_FAILED", message, options);
  }
}

/** The longest wait that a server is granted which is busy. */
const longestWaitMs = 30_000;

/**
 * Fetches a file, over as many connections as that takes. What is in `file` already is taken for its beginning and only the rest
 * is asked for, so the caller has to check the content.
 *
 * @returns Whether the content is of more than one connection.
 * @throws ToolchainError `DOWNLOAD_FAILED`; what arrived stays in `file`.
 */
export async function downloadFile(
  url: string,
  file: string,
  options: DownloadFileOptions,
): Promise<{ readonly isPatched: boolean }> {
  const { EnvHttpProxyAgent } = await import("undici");
  const { env, limits } = options;
  const connect = { timeout: limits.connect };
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: proxyUrl(env, "http_proxy") ?? "",
    httpsProxy: proxyUrl(env, "https_proxy") ?? "",
    noProxy: envVar(env, "no_proxy") ?? envVar(env, "NO_PROXY") ?? "",
    connect,
    proxyTls: connect,
    requestTls: connect,
    headersTimeout: limits.silence,
    bodyTimeout: limits.silence,
  });
  const transfer: Transfer = { url, file, dispatcher, options, answeredBy: undefined, connections: 0 };
  let fruitless = 0;
  const attempt = async () => {
    const before = await sizeOf(file);
    try {
      await fetchRest(transfer);
    } catch (error) {
      fruitless = (await sizeOf(file)) > before ? 1 : fruitless + 1;
      throw error;
    }
  };
  try {
    await withRetry(attempt, (error) => {
      const pause = pauseAfter(error, transfer, limits.pauses[fruitless - 1]);
      if (pause !== undefined) options.onBreak(reason(error));
      return pause;
    });
    return { isPatched: transfer.connections > 1 };
  } catch (error) {
    throw await described(error, transfer);
  } finally {
    await dispatcher.destroy();
  }
}

/** As curl takes it: also without a scheme, and the name of the variable in small or capital letters. */
function proxyUrl(env: Environment, name: string): string | undefined {
  const proxy = envVar(env, name) ?? envVar(env, name.toUpperCase());
  return proxy === undefined || proxy.includes("://") ? proxy : `http://${proxy}`;
}

interface Transfer {
  readonly url: string;
  readonly file: string;
  readonly dispatcher: Dispatcher;
  readonly options: DownloadFileOptions;
  /** The host of the last answer: redirections lead to others. */
  answeredBy: string | undefined;
  /** How many brought a part of the content; what was there before counts as one. */
  connections: number;
}

/** An answer that does not bring the file. */
class BadAnswer extends Error {
  readonly response: Response;

  constructor(response: Response) {
    super(`it answered ${response.status}`);
    this.response = response;
  }
}

async function fetchRest(transfer: Transfer): Promise<void> {
  const { file, options } = transfer;
  const have = await sizeOf(file);
  const { body, isRest, total } = await request(transfer, have);
  transfer.connections = isRest ? Math.max(transfer.connections, 1) + 1 : 1;
  let bytes = isRest ? have : 0;
  const handle = await open(file, isRest ? "a" : "w");
  try {
    options.onBytes(bytes, total);
    for await (const chunk of body) {
      await handle.appendFile(chunk);
      bytes += chunk.length;
      options.onBytes(bytes, total);
    }
  } finally {
    await handle.close();
  }
}

/** An answer that brings the file, or what is missing of it. */
interface FileAnswer {
  readonly body: AsyncIterable<Uint8Array>;
  readonly isRest: boolean;
  /** Bytes of the whole file. */
  readonly total: number | undefined;
}

/** @param have Bytes that are there already. */
async function request(transfer: Transfer, have: number): Promise<FileAnswer> {
  const { fetch } = await import("undici");
  const { url, file, dispatcher } = transfer;
  // A server that packs once more what is packed would change the content.
  const headers = { "accept-encoding": "identity", ...(have > 0 ? { range: `bytes=${have}-` } : {}) };
  const response = await fetch(url, { dispatcher, headers });
  transfer.answeredBy = new URL(response.url).host;
  const answer = fileIn(response, have);
  if (answer !== undefined) return answer;
  await response.body?.cancel();
  // What is here is not a beginning of what is there.
  if (have > 0 && [206, 416].includes(response.status)) await rm(file, { force: true });
  throw new BadAnswer(response);
}

function fileIn({ body, status, headers }: Response, have: number): FileAnswer | undefined {
  if (body === null) return undefined;
  if (status === 200) {
    return { body, isRest: false, total: Number(headers.get("content-length")) || undefined };
  }
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers.get("content-range") ?? "") ?? [];
  if (status !== 206 || Number(start) !== have) return undefined;
  return { body, isRest: true, total: Number(total) };
}

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() === true ? found.size : 0;
}

/** Whether another attempt may help, and after how long. */
function pauseAfter(error: unknown, { answeredBy }: Transfer, pause: number | undefined): number | undefined {
  if (pause === undefined) return undefined;
  if (error instanceof BadAnswer) {
    const { status, headers } = error.response;
    if (![206, 408, 416, 425, 429, 500, 502, 503, 504].includes(status)) return undefined;
    return Math.max(pause, Math.min(retryAfterMs(headers, Date.now()) ?? 0, longestWaitMs));
  }
  if (!isOfNetwork(error)) return undefined;
  // A host that never answered is asked again only where that is quick: perhaps there is no network at all.
  const isPassing = ["ECONNRESET", "EAI_AGAIN", "EPIPE", "UND_ERR_SOCKET"].includes(codeOf(error));
  return answeredBy !== undefined || isPassing ? pause : undefined;
}

/** `fetch` makes this of whatever goes wrong on the network; all else is of the file system. */
function isOfNetwork(error: unknown): boolean {
  return error instanceof TypeError;
}

/** The failure for people: which host, why, and what helps. */
async function described(error: unknown, transfer: Transfer): Promise<ToolchainError> {
  const { url, file, answeredBy, options } = transfer;
  const asked = new URL(url);
  const host =
    answeredBy === undefined || answeredBy === asked.host
      ? asked.host
      : `${answeredBy}, where ${asked.host} leads,`;
  if (error instanceof BadAnswer) {
    const { status } = error.response;
    return new ToolchainError(
      "DOWNLOAD_FAILED",
      `${host} answered ${status} for ${asked.pathname}. ${adviceFor(status)}`,
    );
  }
  if (!isOfNetwork(error)) {
    const advice = "Make room there, or name another cache folder in XDG_CACHE_HOME.";
    return new ToolchainError(
      "DOWNLOAD_FAILED",
      `${file} could not be written (${reason(error)}). ${advice}`,
      { cause: error },
    );
  }
  if (answeredBy === undefined) {
    const message = `${host} could not be reached${viaProxy(options.env)} (${reason(error)}).${adviceAbout(error)}`;
    return new UnreachableError(message, { cause: error });
  }
  const kept = `The ${megabytes(await sizeOf(file))} that arrived are kept: run the command again, and it goes on from there.`;
  return new ToolchainError(
    "DOWNLOAD_FAILED",
    `${host} broke off again and again (${reason(error)}). ${kept}`,
    { cause: error },
  );
}

function adviceFor(status: number): string {
  if ([401, 403, 407].includes(status)) return "Something there or on the way refuses the download.";
  return status === 404 ? "The file is not there." : "Try again later.";
}

/** Its host only: there may be a password in the rest. */
function viaProxy(env: Environment): string {
  const proxy = proxyUrl(env, "https_proxy");
  if (proxy === undefined) return "";
  return URL.canParse(proxy)
    ? ` through the proxy ${new URL(proxy).host}`
    : " through the proxy of HTTPS_PROXY";
}

const untrusted = /^(?:UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|CERT_|ERR_TLS_CERT)/;

function adviceAbout(error: unknown): string {
  if (untrusted.test(codeOf(error))) {
    return " Node does not trust its certificate: if your company's proxy made it, name the file of that authority in NODE_EXTRA_CA_CERTS.";
  }
  return reason(error).includes("407")
    ? " The proxy asks for a login: HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT."
    : "";
}

function codeOf(error: unknown): string {
  return String((rootOf(error) as NodeJS.ErrnoException).code);
}

function reason(error: unknown): string {
  const root = rootOf(error);
  return root instanceof Error ? root.message : String(root);
}

/** What went wrong at the bottom: fetch itself only says "fetch failed". */
function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? rootOf(error.cause) : error;
}

/** Bytes for people. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
