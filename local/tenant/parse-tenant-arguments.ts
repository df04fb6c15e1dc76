import { parseArgs } from "node:util";
import { LocalError } from "../processes/local-error.ts";

export interface TenantArguments {
  port: number;
  empty: boolean;
  help: boolean;
}

const defaultPort = 8443;

export const tenantUsage = `Usage: npm run --silent tenant -- [--port N] [--empty]

Starts a local stand-in for an Auth0 tenant on 127.0.0.1 and runs until it is stopped (Ctrl+C). The first line on
standard output is one JSON object: domain, caFile, clientId, clientSecret.

  --port N   the port to listen on, 0 for any free one (default ${defaultPort})
  --empty    without the social connection google-oauth2
  --help     show this text
`;

/** Throws a LocalError `bad-usage` that names the argument. */
export function parseTenantArguments(args: readonly string[]): TenantArguments {
  const { values } = parsed(args);
  return {
    port: portOf(values.port ?? String(defaultPort)),
    empty: values.empty === true,
    help: values.help === true,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: "string" },
        empty: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw badUsage(problem.split(". ", 1)[0] ?? problem, cause);
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw badUsage(`--port must be a whole number from 0 to 65535, not '${text}'`);
}

function badUsage(problem: string, cause?: unknown): LocalError {
  return new LocalError("bad-usage", `${problem}. See npm run --silent tenant -- --help`, { cause });
}
