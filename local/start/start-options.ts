import { parseArgs } from "node:util";
import { LocalError } from "../processes/local-error.ts";

export interface StartOptions {
  /** The tenant's port; the S3 server takes the one 1,000 above. */
  readonly port: number;
  /** Stop after the table. */
  readonly exit: boolean;
}

const usage = "npm start -- [--port N] [--exit]";

/** Fixed, since the addresses are part of the Actions' code and of what a browser remembers. */
export const defaultPort = 8443;

/** @throws LocalError `bad-usage`, naming the option. */
export function startOptions(args: readonly string[]): StartOptions {
  const { port, exit } = parse(args);
  return { port: port === undefined ? defaultPort : portNumber(port), exit: exit ?? false };
}

function parse(args: readonly string[]): { port?: string | undefined; exit?: boolean | undefined } {
  try {
    const options = { port: { type: "string" }, exit: { type: "boolean" } } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LocalError("bad-usage", `${why}\nUsage: ${usage}`, { cause });
  }
}

/** Between the ports that need rights and those that leave no room for the S3 server's. */
function portNumber(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : NaN;
  if (port >= 1024 && port <= 64_535) return port;
  throw new LocalError("bad-usage", `--port ${text} is not a port from 1024 to 64535.\nUsage: ${usage}`);
}
