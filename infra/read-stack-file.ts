import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { ExpectedError } from "./expected-error.ts";
import { configNamespace } from "./read-config.ts";

/**
 * The configuration in a `Pulumi.<stack>.yaml`, as Pulumi hands it to a program: text, with lists and numbers
 * as JSON. Encrypted values are left out.
 *
 * @throws ExpectedError `stack-file-missing` or `stack-file-broken` (a key that is set twice, too), naming the file.
 */
export function readStackFile(file: string): Record<string, string> {
  const config = (parseYaml(file, read(file)) as { config?: unknown } | null)?.config ?? {};
  if (typeof config !== "object" || Array.isArray(config)) {
    throw new ExpectedError("stack-file-broken", `${file}: config is no map of keys to values.`);
  }
  const entries = Object.entries(config as Record<string, unknown>);
  refuseDoubles(
    file,
    entries.map(([key]) => withNamespace(key)),
  );
  const plain = entries.filter(([, value]) => !isSecret(value));
  return Object.fromEntries(plain.map(([key, value]) => [withNamespace(key), asText(value)]));
}

/** Tried: of a key that stands there with and without its namespace, Pulumi takes one and says nothing of the other. */
function refuseDoubles(file: string, keys: readonly string[]): void {
  const doubles = new Set(keys.filter((key, index) => keys.indexOf(key) !== index));
  if (doubles.size === 0) return;
  const message = `${file} sets ${[...doubles].join(", ")} twice, with and without the namespace: take one of the two out.`;
  throw new ExpectedError("stack-file-broken", message);
}

/** Pulumi takes a key without a namespace for one of the project's. */
function withNamespace(key: string): string {
  return key.includes(":") ? key : `${configNamespace}:${key}`;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const message = `${file} cannot be read: name a stack that has such a file with --stack.`;
    throw new ExpectedError("stack-file-missing", message, { cause });
  }
}

function parseYaml(file: string, text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ExpectedError("stack-file-broken", `${file} is no YAML: ${why}`, { cause });
  }
}

function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && "secure" in value;
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
