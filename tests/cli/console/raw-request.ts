import { once } from "node:events";
import { request, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request with exactly these headers, `Host` too: what fetch() does not let a test send. */
export async function rawRequest(
  url: string,
  {
    method = "GET",
    headers = {},
    body,
  }: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<RawAnswer> {
  const sent = request(url, { method, headers, agent: false });
  sent.end(body);
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) };
}

/** A console as the browser has it that opened the one-time address. */
export interface EnteredConsole {
  readonly origin: string;
  /** What every path begins with, without a final slash. */
  readonly base: string;
  /** For the header `Cookie`. */
  readonly cookie: string;
}

/** @param url The one-time address: it is used. */
export async function enterConsole(url: string): Promise<EnteredConsole> {
  const { headers } = await rawRequest(url);
  return {
    origin: new URL(url).origin,
    base: String(headers["refresh"]).replace(/^0;url=(.+)\/$/, "$1"),
    cookie: String(headers["set-cookie"]).split(";")[0] ?? "",
  };
}
