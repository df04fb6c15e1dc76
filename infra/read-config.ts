import type { KeyProblem } from "./config-error.ts";
import { configKeys, type ConfigKey, type ConfigValues } from "./config-keys.ts";

/** The namespace of our keys: the project's name in Pulumi.yaml. */
export const configNamespace = "auth0-user-pictures";

/**
 * Checks every key of a stack's configuration. Pulumi itself stops at the first key that is missing or mistyped and
 * takes unknown ones, so its own checks are left out of Pulumi.yaml and everything is checked here, in one go.
 *
 * @param all Every key of the stack with its namespace, values as text (lists and numbers as JSON).
 * @returns The values that are right, and what is wrong with the others.
 */
export function checkKeys(
  stack: string,
  all: Readonly<Record<string, string>>,
): { readonly values: Partial<ConfigValues>; readonly problems: readonly KeyProblem[] } {
  const ours = keysOfNamespace(all);
  const problems: KeyProblem[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, definition] of Object.entries<ConfigKey<unknown>>(configKeys)) {
    const read = readKey(stack, key, definition, ours.get(key));
    if ("why" in read) problems.push(read);
    else values[key] = read.value;
  }
  problems.push(...unknownKeys([...ours.keys()]));
  return { values, problems };
}

function keysOfNamespace(all: Readonly<Record<string, string>>): Map<string, string> {
  const prefix = `${configNamespace}:`;
  const ours = Object.entries(all).filter(([name]) => name.startsWith(prefix));
  return new Map(ours.map(([name, text]) => [name.slice(prefix.length), text]));
}

function readKey(
  stack: string,
  key: string,
  definition: ConfigKey<unknown>,
  text: string | undefined,
): KeyProblem | { value: unknown } {
  // Pulumi.yaml declares the keys with an empty default, so empty means not set.
  if (text === undefined || text === "") {
    if ("fallback" in definition) return { value: definition.fallback };
    const remedy = `pulumi config set ${key} ${definition.example} --stack ${stack}`;
    return { key, found: undefined, why: "is not set", remedy };
  }
  const parsed = definition.parse(text);
  if ("value" in parsed) return parsed;
  return { key, found: definition.secret === true ? undefined : text, ...parsed.problem };
}

function unknownKeys(keys: readonly string[]): KeyProblem[] {
  const known = Object.keys(configKeys);
  const remedy = `the keys are ${known.join(", ")}`;
  return keys
    .filter((key) => !known.includes(key))
    .map((key) => ({ key, found: undefined, why: "is not a key of this project", remedy }));
}
