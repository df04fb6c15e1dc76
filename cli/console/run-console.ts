import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Environment } from "../../lib/environment.ts";
import { UsageError } from "../../lib/errors.ts";
import { htmlPage, markup } from "../../lib/html.ts";
import { term, terminalJson } from "../../lib/terminal-text.ts";
import { watchOwner } from "../../lib/watch-owner.ts";
import type { Streams } from "../command.ts";
import { requireScope } from "../people/people.ts";
import { privateStateFolder } from "../state-folder.ts";
import { startConsoleServer, type ConsoleRoutes } from "./console-server.ts";
import { createPeopleSource } from "./people-source.ts";
import { commandRoutes } from "./person/command-routes.ts";
import { personRoutes } from "./person/person-routes.ts";
import { searchRoutes } from "./person/search-routes.ts";
import { queueRoutes } from "./queue/queue-routes.ts";
import { tenantRoutes } from "./tenant/tenant-routes.ts";

export interface ConsoleRequest {
  readonly stack?: string;
  readonly port: number;
  /** Whether to open the browser. */
  readonly open: boolean;
  readonly json?: boolean;
  readonly reasons: readonly string[];
  readonly discourse?: boolean;
}

const routes: readonly ConsoleRoutes[] = [
  queueRoutes,
  searchRoutes,
  personRoutes,
  commandRoutes,
  tenantRoutes,
];

/** After so long without a request it ends, in milliseconds. */
const idleMs = 60 * 60_000;

/**
 * Serves the console until it is interrupted, its parent is gone, or nobody has used it for an hour.
 *
 * @throws ExpectedError as `openPeople` and `startConsoleServer` do, and `scope-missing`.
 */
export async function runConsole(
  { stack, port, open: opens, json, reasons, discourse }: ConsoleRequest,
  env: Environment,
  { out, err }: Streams,
): Promise<void> {
  const people = createPeopleSource(stack, env);
  const first = await people();
  requireScope(first, ["read:users"], "show");
  const ending = endOfConsole();
  const server = await startConsoleServer({
    stack: first.stack,
    env,
    people,
    port,
    reasons,
    discourse: discourse === true,
    routes,
    idleMs,
    onIdle: () => {
      ending.end("Nobody has used it for an hour, so it ended.");
    },
  });
  const { url } = server;
  const launcher = opens && json !== true ? writeLauncher(env, url) : undefined;
  try {
    out(json === true ? terminalJson({ url }, 0) : term`The console of stack ${first.stack}: ${url}`);
    err(term`It runs until Ctrl-C. The address works once, for one browser.`);
    if (launcher !== undefined) await openBrowser(launcher, err);
    const why = await ending.ended;
    if (why !== undefined) err(term`${why}`);
  } finally {
    ending.stop();
    await server.close();
    if (launcher !== undefined) rmSync(launcher, { force: true });
  }
}

/** @throws UsageError `port-invalid`. */
export function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UsageError("port-invalid", `--port is a number from 0 to 65535, not ${text}.`);
}

/**
 * A page of its own that leads to the console, for its owner's eyes only: other users of the machine see the command lines of all
 * programs, the browser's too, and the address must be in none.
 */
function writeLauncher(env: Environment, url: string): string {
  const file = join(privateStateFolder(env, "console"), `${process.pid}.html`);
  const main = markup`<meta http-equiv="refresh" content="0;url=${url}"><p><a href="${url}">Go to the console</a></p>`;
  const { html } = htmlPage({ title: "Opening the console", style: "", main });
  writeFileSync(file, html, { mode: 0o600 });
  return file;
}

/** Where there is no browser, the address is printed anyway. */
async function openBrowser(file: string, err: Streams["err"]): Promise<void> {
  const { default: open } = await import("open");
  const said = term`The browser could not be opened: open the address by hand.`;
  try {
    const child = await open(pathToFileURL(file).href);
    child.once("error", () => {
      err(said);
    });
  } catch {
    err(said);
  }
}

/** Resolves with what to say, if anything. */
function endOfConsole() {
  let end: (why?: string) => void = () => undefined;
  const ended = new Promise<string | undefined>((resolve) => (end = resolve));
  const stop = (): void => {
    end();
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  const owner = watchOwner({ onGone: stop });
  return {
    ended,
    end,
    stop: () => {
      owner.stop();
      process.off("SIGINT", stop);
      process.off("SIGTERM", stop);
    },
  };
}
