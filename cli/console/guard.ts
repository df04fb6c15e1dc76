import type { AddressInfo } from "node:net";
import type { FastifyInstance, FastifyReply } from "fastify";
import { htmlPage, markup, type HtmlPage, type Markup } from "../../lib/html.ts";
import { isSameOrigin } from "../../lib/same-origin.ts";
import { entrancePath, type Session } from "./session.ts";

/** What an open page asks for by itself, again and again: that nobody has closed it is no use. */
export const waitingPath = "/results";

export interface GuardOptions {
  readonly session: Session;
  /** Called for each request of the browser that is in, but for those of an open page by itself. */
  readonly onUse?: () => void;
  /**
   * Which pages may show what it sends, besides that the browser sends the cookie for pages of this host alone: those of this server, or of
   * another port too. (Browsers take two ports of an IP address for two sites here, so that `same-site` would be none.)
   */
  readonly shownBy: "same-origin" | "cross-origin";
}

/**
 * Who may ask a server of the console for anything: the host must be the address itself (a name that leads here is another site's),
 * the browser must be in, and what is not a GET must come from a page of ours.
 */
export function guard(app: FastifyInstance, { session, onUse, shownBy }: GuardOptions): void {
  app.addHook("onRequest", async ({ headers, method, url }, reply) => {
    void reply.headers({
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": shownBy,
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "same-origin",
      "cache-control": "no-store",
    });
    const host = hostOf(app);
    if (headers.host !== host) return refuse(reply, 421, `The console is at http://${host} only.`);
    if (url.startsWith(entrancePath)) return undefined;
    if (!session.isIn(headers)) {
      const message =
        "Open the address that pictures console printed. It works once, for one browser: start the command again for another.";
      return refuse(reply, 401, message);
    }
    if (method !== "GET" && !isSameOrigin(headers, `http://${host}`)) {
      return refuse(reply, 403, "This was not sent by a page of the console, so it was not done.");
    }
    if (!url.startsWith(`${session.base}${waitingPath}`)) onUse?.();
    return undefined;
  });
}

/** Of a server that listens. */
export function hostOf({ server }: FastifyInstance): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Sends a page, 200 where no status is given. */
export function sendPage(reply: FastifyReply, { html, headers }: HtmlPage, status = 200): FastifyReply {
  return reply.code(status).headers(headers).send(html);
}

/** For who is not in: nothing of the console is on it. */
export function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  return sendPage(reply, plainPage("Not here", markup`<p class="error" role="alert">${message}</p>`), status);
}

export function plainPage(title: string, main: Markup): HtmlPage {
  return htmlPage({ title, style: "", main });
}
