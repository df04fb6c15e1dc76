import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { envVar, type Environment } from "../lib/environment.ts";
import { ExpectedError } from "../lib/errors.ts";
import { decodeText, MalformedText } from "../lib/text-encoding.ts";
import { projectRoot } from "../lib/project.ts";
import { configNamespace } from "./read-config.ts";
import { readStack, type Stack } from "./read-stack.ts";

/**
 * What the file of a stack says, checked, and its default image.
 *
 * @param stack As `--stack` takes it: `dev`, or `organization/project/dev`.
 * @throws ExpectedError as `readStackFile` and `readStack` do.
 */
export async function readStackNamed(stack: string, env: Environment): Promise<Stack> {
  return readStack(stackName(stack), readStackFile(stackFile(stack, env)));
}

/**
 * The configuration in a `Pulumi.<stack>.yaml`, as Pulumi hands it to a program: text, with lists and numbers
 * as JSON. Encrypted values are left out.
 *
 * @throws ExpectedError `stack-file-missing` or `stack-file-broken` (a key that is set twice, too), naming the file.
 */
export function readStackFile(file: string): Record<string, string> {
  const plain = entriesOf(file).filter(([, value]) => !isSecret(value));
  return Object.fromEntries(plain.map(([key, value]) => [key, asText(value)]));
}

/**
 * The keys, with namespace, whose values are encrypted in a `Pulumi.<stack>.yaml`.
 *
 * @throws ExpectedError as `readStackFile` does.
 */
export function encryptedKeys(file: string): ReadonlySet<string> {
  return new Set(entriesOf(file).flatMap(([key, value]) => (isSecret(value) ? [key] : [])));
}

/** Keys with their namespace. */
function entriesOf(file: string): readonly (readonly [string, unknown])[] {
  const config = (parseYaml(file, read(file)) as { config?: unknown } | null)?.config ?? {};
  if (typeof config !== "object" || Array.isArray(config)) {
    throw new ExpectedError("stack-file-broken", `${file}: config is not a map of keys to values.`);
  }
  const entries = Object.entries(config as Record<string, unknown>).map(
    ([key, value]) => [withNamespace(key), value] as const,
  );
  refuseDoubles(
    file,
    entries.map(([key]) => key),
  );
  return entries;
}

/** Tried: of a key that stands there with and without its namespace, Pulumi takes one and says nothing of the other. */
function refuseDoubles(file: string, keys: readonly string[]): void {
  const doubles = new Set(keys.filter((key, index) => keys.indexOf(key) !== index));
  if (doubles.size === 0) return;
  const message = `${file} sets ${[...doubles].join(", ")} twice, with and without the namespace: remove one of the two.`;
  throw new ExpectedError("stack-file-broken", message);
}

/** Pulumi takes a key without a namespace for one of the project's. */
function withNamespace(key: string): string {
  return key.includes(":") ? key : `${configNamespace}:${key}`;
}

function read(file: string): string {
  try {
    return decodeText(readFileSync(file));
  } catch (cause) {
    if (cause instanceof MalformedText) {
      throw new ExpectedError("stack-file-broken", `${file} is not text: ${cause.message}.`, { cause });
    }
    const message = `${file} cannot be read: pass --stack with a stack that has such a file.`;
    throw new ExpectedError("stack-file-missing", message, { cause });
  }
}

function parseYaml(file: string, text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ExpectedError("stack-file-broken", `${file} is not valid YAML: ${why}`, { cause });
  }
}

function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && "secure" in value;
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/**
 * The file with a stack's configuration: in `PICTURES_STACK_FOLDER` where that is set (a local world's folder), else in
 * the project, where the generated stack `local` keeps its file in `.local/`. Nothing says that it exists.
 *
 * @param stack As `--stack` takes it: `dev`, or `organization/project/dev`.
 */
export function stackFile(stack: string, env: Environment): string {
  const name = `Pulumi.${stackName(stack)}.yaml`;
  const folder = envVar(env, "PICTURES_STACK_FOLDER");
  if (folder !== undefined) return join(folder, name);
  const generated = join(projectRoot, ".local", name);
  const own = join(projectRoot, name);
  return !existsSync(own) && existsSync(generated) ? generated : own;
}

/** A stack's own name, without the organization and project that may stand before it. */
export function stackName(stack: string): string {
  return stack.slice(stack.lastIndexOf("/") + 1);
}
