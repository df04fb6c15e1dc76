import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { Environment } from "../../lib/environment.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { isRecord, parseJson, recordIn, recordsIn, textIn, type JsonRecord } from "../../lib/json.ts";
import { actionList } from "../../stack/actions.ts";
import { configNamespace } from "../../stack/read-config.ts";
import { stackFile } from "../../stack/stack-file.ts";
import type { RunPulumi } from "../pulumi/run-pulumi.ts";

/** A refresh waits out rate limits; one that hangs for longer than this is stuck. */
const timeoutMs = 20 * 60_000;

export interface PreviewRequest {
  readonly stack: string;
  readonly env: Environment;
  readonly pulumi: RunPulumi;
  /** Ends it: its steps are no longer needed. */
  readonly signal?: AbortSignal;
}

/**
 * Runs the engine's preview with a refresh, which changes nothing, and gives its steps. A version that was deployed by hand
 * does not stop it as it would stop a deployment: so nobody has to wait for what the tenant runs before it starts.
 *
 * @throws ExpectedError `preview-failed` with what pulumi said, or what `runPulumi` throws.
 */
export async function preview({ stack, env, pulumi, signal }: PreviewRequest): Promise<PreviewStep[]> {
  const folder = mkdtempSync(join(tmpdir(), "pictures-drift-"));
  try {
    const config = permissiveCopy(stackFile(stack, env), folder);
    const args = ["preview", "--refresh", "--json", "--stack", stack, ...config];
    const { code, stdout, stderr } = await pulumi(args, { timeoutMs, ...(signal && { signal }) });
    const printed = parsed(stdout);
    if (code !== 0 || printed === undefined) throw failed(stack, printed, stderr);
    return readSteps(printed);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The stack's own file is left as it is: this one is for the preview alone. */
function permissiveCopy(file: string, folder: string): string[] {
  const content = stackFileContent(file);
  if (content === undefined) return [];
  const copy = join(folder, "Pulumi.preview.yaml");
  const key = `${configNamespace}:replaceDeployed`;
  // Short forms of keys are Pulumi's too, and a key may stand there once.
  const { replaceDeployed: _short, ...others } = recordIn(content, "config");
  const replaceDeployed = actionList.map(({ name }) => name);
  writeFileSync(copy, stringify({ ...content, config: { ...others, [key]: replaceDeployed } }), {
    mode: 0o600,
  });
  return ["--config-file", copy];
}

/** Undefined where the file is missing or broken: the command and the engine each say so themselves. */
function stackFileContent(file: string): JsonRecord | undefined {
  try {
    const content: unknown = parse(readFileSync(file, "utf8"));
    return isRecord(content) ? content : {};
  } catch {
    return undefined;
  }
}

/** Undefined where the engine broke off, or printed its failure to standard error alone. */
function parsed(stdout: string): JsonRecord | undefined {
  const value = parseJson(stdout);
  return isRecord(value) ? value : undefined;
}

function failed(stack: string, printed: JsonRecord | undefined, stderr: string): ExpectedError {
  const messages = recordsIn(printed ?? {}, "diagnostics")
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => String(message).trim());
  const said = (messages.length > 0 ? messages.join("\n") : stderr.trim()) || "it printed no steps";
  return new ExpectedError("preview-failed", `pulumi preview --refresh --stack ${stack} failed: ${said}`);
}

/** A step of `pulumi preview --refresh --json`, as far as drift is concerned. Secrets are masked by the engine. */
export interface PreviewStep {
  /** `refresh`, `same`, `create`, `update`, `replace`, `delete` … */
  readonly op: string;
  readonly urn: string;
  /** `auth0:index/action:Action` */
  readonly type: string;
  /** The logical name. */
  readonly name: string;
  /** Paths of what differs, such as `grantTypes[1]` or `clientMetadata.stack`. */
  readonly changed: readonly string[];
  /** Of a `refresh`: before it. Of any other: after it. */
  readonly old: PropertyValues;
  /** What the program says. */
  readonly wanted: PropertyValues;
}

interface PropertyValues {
  readonly inputs: JsonRecord;
  readonly outputs: JsonRecord;
}

function readSteps(printed: JsonRecord): PreviewStep[] {
  return recordsIn(printed, "steps").map((step) => {
    const urn = textIn(step, "urn");
    const qualified = urn.split("::")[2] ?? "";
    return {
      op: textIn(step, "op"),
      urn,
      type: qualified.slice(qualified.lastIndexOf("$") + 1),
      name: urn.split("::").slice(3).join("::"),
      changed: Object.keys(recordIn(step, "detailedDiff")),
      old: values(recordIn(step, "oldState")),
      wanted: values(recordIn(step, "newState")),
    };
  });
}

function values(state: JsonRecord): PropertyValues {
  return { inputs: recordIn(state, "inputs"), outputs: recordIn(state, "outputs") };
}
