import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { callerFolder } from "../../infra/caller-folder.ts";
import { LocalError } from "../processes/local-error.ts";
import { ownFolder } from "./local-folder.ts";

export interface StartOptions {
  /** Where the local world's files live. */
  readonly folder: string;
  /** The tenant's port; the S3 server takes the one 1,000 above. */
  readonly port: number;
  /** Stop after the table. */
  readonly exit: boolean;
}

const usage = "npm start -- [--port N] [--exit] [--folder DIR]";

/** Fixed, since the addresses are part of the Actions' code and of what a browser remembers. */
const defaultPort = 8443;

/** @throws LocalError `bad-usage`, naming the option. */
export function startOptions(args: readonly string[]): StartOptions {
  const { port, exit, folder } = parse(args);
  return { port: portNumber(port), exit, folder: resolve(callerFolder(), folder) };
}

function parse(args: readonly string[]): { port: string; exit: boolean; folder: string } {
  try {
    const options = {
      port: { type: "string", default: String(defaultPort) },
      exit: { type: "boolean", default: false },
      folder: { type: "string", default: ownFolder },
    } as const;
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
