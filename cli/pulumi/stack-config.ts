import { ExpectedError } from "../../lib/errors.ts";
import { isRecord, parseJson, type JsonRecord } from "../../lib/json.ts";
import { configNamespace } from "../../stack/read-config.ts";
import { runPulumi, type PulumiAnswer, type RunPulumi } from "./run-pulumi.ts";

/** The configuration of a stack as `pulumi config` reads and writes it; keys are without our namespace. */
export interface StackConfig {
  /** The values that are set, decrypted: never to be shown. Lists are JSON. */
  readonly read: () => Promise<ReadonlyMap<string, ConfigEntry>>;
  readonly set: (key: string, text: string) => Promise<void>;
  /** Encrypts it. The value goes by standard input: a command line can be read by others. */
  readonly setSecret: (key: string, text: string) => Promise<void>;
  readonly remove: (key: string) => Promise<void>;
}

export interface ConfigEntry {
  readonly text: string;
  /** Whether it is encrypted in the stack's file. */
  readonly isSecret: boolean;
}

/** @throws ExpectedError `stack-config-unavailable` from each of its functions, or what `runPulumi` throws. */
export function stackConfig(stack: string, pulumi: RunPulumi = runPulumi): StackConfig {
  const run = async (args: readonly string[], input?: string): Promise<PulumiAnswer> => {
    const answer = await pulumi(["config", ...args, "--stack", stack], input === undefined ? {} : { input });
    if (answer.code !== 0) throw configUnavailable(stack, answer.stderr.trim());
    return answer;
  };
  return {
    read: async () => readEntries(stack, (await run(["--json", "--show-secrets"])).stdout),
    set: async (key, text) => {
      await run(["set", key, text, "--plaintext"]);
    },
    setSecret: async (key, text) => {
      await run(["set", key, "--secret"], text);
    },
    remove: async (key) => {
      await run(["rm", key]);
    },
  };
}

function readEntries(stack: string, printed: string): ReadonlyMap<string, ConfigEntry> {
  const prefix = `${configNamespace}:`;
  const entries = Object.entries(parsed(stack, printed)).filter(([name]) => name.startsWith(prefix));
  const read = entries.map(([name, entry]): [string, ConfigEntry] => {
    const { value, objectValue, secret } = Object(entry) as Record<string, unknown>;
    const text = typeof value === "string" ? value : JSON.stringify(objectValue ?? "");
    return [name.slice(prefix.length), { text, isSecret: secret === true }];
  });
  // Pulumi.yaml's empty defaults are shown as values too.
  return new Map(read.filter(([, { text }]) => text !== ""));
}

function parsed(stack: string, printed: string): JsonRecord {
  const value = parseJson(printed);
  if (isRecord(value)) return value;
  // What it printed is not shown: it holds secrets.
  throw configUnavailable(stack, "pulumi printed no JSON");
}

function configUnavailable(stack: string, why: string): ExpectedError {
  return new ExpectedError(
    "stack-config-unavailable",
    `pulumi does not give the configuration of stack ${stack}: ${why.replace(/^error: /, "")}. Log in to the stack's ` +
      "backend (pulumi login) and set its passphrase or key.",
  );
}

/**
 * The outputs of a deployed stack, secrets in plain text: never to be shown.
 *
 * @throws ExpectedError `stack-outputs-unavailable`, or what `runPulumi` throws.
 */
export async function stackOutputs(stack: string, pulumi: RunPulumi = runPulumi): Promise<JsonRecord> {
  const answer = await pulumi(["stack", "output", "--json", "--show-secrets", "--stack", stack]);
  if (answer.code !== 0) throw outputsUnavailable(stack, answer.stderr.trim());
  const outputs = parseJson(answer.stdout);
  if (isRecord(outputs)) return outputs;
  // What it printed is not shown: it may hold a secret.
  throw outputsUnavailable(stack, "pulumi printed no JSON");
}

function outputsUnavailable(stack: string, why: string): ExpectedError {
  return new ExpectedError(
    "stack-outputs-unavailable",
    `pulumi does not give the outputs of stack ${stack}: ${why.replace(/^error: /, "")}. Log in to the stack's backend ` +
      `(pulumi login) with its passphrase or key, or set credentials in AUTH0_* or PICTURES_* variables.`,
  );
}
