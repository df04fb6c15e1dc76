import { startConsoleServer, type ConsoleRoutes } from "../../../cli/console/console-server.ts";
import type { People } from "../../../cli/people/people.ts";
import { enterConsole, rawRequest, type EnteredConsole, type RawAnswer } from "./raw-request.ts";

/** The one-time address was used, so that a browser needs `cookie`. */
export interface OpenConsole extends EnteredConsole {
  /** A page below the console's base, or the one that an answer's `location` names. */
  readonly get: (path: string) => Promise<RawAnswer>;
  /** A form as a page of the console sends it. */
  readonly post: (path: string, fields?: Readonly<Record<string, string>>) => Promise<RawAnswer>;
  /** A form with a file. */
  readonly upload: (path: string, form: FormData) => Promise<RawAnswer>;
  readonly close: () => Promise<void>;
}

/** A console with these routes, as the browser has it that opened the one-time address. */
export async function openConsole(
  people: () => Promise<People>,
  routes: readonly ConsoleRoutes[],
  reasons: readonly string[] = [],
): Promise<OpenConsole> {
  const { env } = await people();
  const server = await startConsoleServer({
    stack: "dev",
    env,
    people,
    port: 0,
    reasons,
    discourse: false,
    routes,
    idleMs: 60_000,
    onIdle: () => undefined,
  });
  const { origin, base, cookie } = await enterConsole(server.url);
  const at = (path: string) => `${origin}${path.startsWith(base) ? "" : base}${path}`;
  const own = { cookie, origin, "sec-fetch-site": "same-origin" };
  const send = (path: string, type: string, body: string | Buffer) =>
    rawRequest(at(path), { method: "POST", headers: { ...own, "content-type": type }, body });
  return {
    origin,
    base,
    cookie,
    get: (path) => rawRequest(at(path), { headers: { cookie } }),
    post: (path, fields = {}) =>
      send(path, "application/x-www-form-urlencoded", new URLSearchParams({ ...fields }).toString()),
    upload: async (path, form) => {
      const request = new Request(origin, { method: "POST", body: form });
      return send(path, request.headers.get("content-type") ?? "", Buffer.from(await request.arrayBuffer()));
    },
    close: server.close,
  };
}
