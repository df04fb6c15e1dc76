import { once } from "node:events";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ExpectedError, UsageError, withCode } from "../lib/errors.ts";
import { term, terminalBlock, terminalJson, terminalLines, type TerminalText } from "../lib/terminal-text.ts";
import { ensureCertificates } from "../local/certificates/ensure-certificates.ts";
import { onlyMark } from "../local/processes/marked-processes.ts";
import { createTenant } from "./create-tenant.ts";
import { defaultPath, faultKinds, parseFaultOption, type FaultRule } from "./faults/fault-rule.ts";
import { defaultSeed } from "./faults/tenant-faults.ts";

export interface RunTenantDependencies {
  /** The folder whose `.local/certificates` holds the certificates. */
  projectRoot: string;
  /** Each call is a text of whole lines, the last one without its end. */
  stdout: (text: TerminalText) => void;
  stderr: (text: TerminalText) => void;
  /** Aborts when the tenant must stop. */
  stop: AbortSignal;
}

/**
 * `npm run --silent tenant`: a tenant in the foreground until `stop`. Returns the exit code: 0 after it was stopped, 1 where
 * it could not start, 3 for bad usage.
 */
export async function runTenant(
  args: readonly string[],
  dependencies: RunTenantDependencies,
): Promise<number> {
  const { projectRoot, stdout, stderr, stop } = dependencies;
  try {
    const { port, empty, help, dataDir, faults } = parseTenantArguments(args);
    if (help) {
      stdout(terminalLines(tenantUsage.trimEnd().split("\n")));
      return 0;
    }
    const certificates = await ensureCertificates(join(projectRoot, ".local", "certificates"));
    const tenant = await createTenant({
      port,
      empty,
      certificates,
      faults,
      childEnvironment: onlyMark(process.env),
      ...(dataDir === undefined ? {} : { dataDir: resolve(dataDir) }),
      log: (line) => {
        stderr(term`${line}`);
      },
    });
    const { domain, clientId, clientSecret } = tenant;
    stdout(terminalJson({ domain, caFile: certificates.caFile, clientId, clientSecret }, 0));
    stderr(term`The local tenant listens on https://${domain}/ until it is stopped (Ctrl+C).`);
    const weakness = tenant.sandboxWeakness();
    if (weakness !== undefined) stderr(term`${weakness}`);
    if (!stop.aborted) await once(stop, "abort");
    await tenant.close();
    return 0;
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    stderr(terminalBlock(withCode(error)));
    return error instanceof UsageError ? 3 : 1;
  }
}

interface TenantArguments {
  port: number;
  empty: boolean;
  help: boolean;
  /** As given; undefined for a tenant in memory. */
  dataDir: string | undefined;
  faults: { rules: FaultRule[]; seed: number };
}

const defaultPort = 8443;

export const tenantUsage = `Usage: npm run --silent tenant -- [--port N] [--empty] [--data DIR] [--fault RULE]… [--fault-seed N]

Starts a local stand-in for an Auth0 tenant on 127.0.0.1 and runs until it is stopped (Ctrl+C). The first line on
standard output is one JSON object: domain, caFile, clientId, clientSecret.

  --port N        the port to listen on, 0 for any free one (default ${defaultPort})
  --empty         without the social connection google-oauth2
  --data DIR      keep the tenant's data and secrets in this folder, and continue with the data in it
  --fault RULE    fail on demand; may be repeated. RULE is KIND or KIND:FIELD=VALUE,FIELD=VALUE
                  KIND is ${faultKinds.slice(0, 5).join(", ")},
                  ${faultKinds.slice(5).join(", ")};
                  FIELD is probability (0 to 1), method, path (* for any characters; by default ${defaultPath}),
                  ms, skip (number of requests to let through first) or times (at most this often)
  --fault-seed N  the same number repeats the same faults (default ${defaultSeed})
  --help          show this text

While it runs, POST {"rules": [{"kind": "429", "probability": 0.2}], "seed": 1} to /local/faults with a Management
token of the printed application replaces the faults, DELETE clears them, GET shows them and what happened.
`;

/** @throws UsageError `bad-usage` that names the argument. */
export function parseTenantArguments(args: readonly string[]): TenantArguments {
  const { values } = parsed(args);
  return {
    port: portOf(values.port ?? String(defaultPort)),
    empty: values.empty === true,
    help: values.help === true,
    dataDir: values.data,
    faults: {
      rules: (values.fault ?? []).map(faultOf),
      seed: seedOf(values["fault-seed"] ?? String(defaultSeed)),
    },
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: "string" },
        empty: { type: "boolean" },
        data: { type: "string" },
        fault: { type: "string", multiple: true },
        "fault-seed": { type: "string" },
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

function faultOf(text: string): FaultRule {
  try {
    return parseFaultOption(text);
  } catch (cause) {
    throw badUsage(cause instanceof ExpectedError ? cause.message.replace(/\.$/, "") : String(cause), cause);
  }
}

function seedOf(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seed)) return seed;
  throw badUsage(`--fault-seed must be a whole number from 0, not '${text}'`);
}

function badUsage(problem: string, cause?: unknown): UsageError {
  return new UsageError("bad-usage", `${problem}. See npm run --silent tenant -- --help`, { cause });
}
