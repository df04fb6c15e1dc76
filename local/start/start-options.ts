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

/** Fixed, since the addresses are part of the Actions' code and of what a browser remembers. */
const defaultPort = 8443;

const usage = "npm start -- [--port N] [--exit] [--folder DIR]";

/** Whether somebody asks how the command is used, and nothing else is to happen. */
export function asksForHelp(args: readonly string[]): boolean {
  return args.includes("--help") || args.includes("-h");
}

/** What each option does, for people. */
export const help = `Usage: ${usage}

Runs the whole system on this machine: an Auth0 tenant, S3 and a deployment by Pulumi. Logs seven users in and shows what they got.

  --port N      the tenant's port; the S3 server takes the one 1,000 above (default: ${defaultPort})
  --exit        stop after the table; the exit code says whether each picture is the right one
  --folder DIR  where its files are made, anew by each run (default: .local)`;

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
