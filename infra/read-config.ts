import { encryptedValue, type KeyProblem } from "./config-error.ts";
import { configKeys, type ConfigKey, type ConfigValues } from "./config-keys.ts";
import { unknownKeys } from "./unknown-keys.ts";

/** The namespace of our keys: the project's name in Pulumi.yaml. */
export const configNamespace = "auth0-user-pictures";

/**
 * Checks every key of a stack's configuration. Pulumi itself stops at the first key that is missing or mistyped and
 * takes unknown ones, so its own checks are left out of Pulumi.yaml and everything is checked here, in one go.
 *
 * @param all Every key of the stack with its namespace, values as text (lists and numbers as JSON).
 * @param encrypted The keys, with their namespace, whose values are encrypted in the stack's file: never shown.
 * @returns The values that are right, and what is wrong with the others.
 */
export function checkKeys(
  stack: string,
  all: Readonly<Record<string, string>>,
  encrypted: ReadonlySet<string> = new Set(),
): { readonly values: Partial<ConfigValues>; readonly problems: readonly KeyProblem[] } {
  const problems: KeyProblem[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, definition] of Object.entries<ConfigKey<unknown>>(configKeys)) {
    const full = `${configNamespace}:${key}`;
    const read = readKey({ stack, key, definition, text: all[full], isEncrypted: encrypted.has(full) });
    if ("why" in read) problems.push(read);
    else values[key] = read.value;
  }
  const known = Object.keys(configKeys);
  problems.push(...unknownKeys({ stack, namespace: configNamespace, known, all, encrypted }));
  return { values, problems };
}

interface KeyToRead {
  readonly stack: string;
  readonly key: string;
  readonly definition: ConfigKey<unknown>;
  readonly text: string | undefined;
  readonly isEncrypted: boolean;
}

function readKey({ stack, key, definition, text, isEncrypted }: KeyToRead): KeyProblem | { value: unknown } {
  // A secret goes in over standard input: an argument shows in the list of processes and in the shell's history.
  const setSecret = `pulumi config set ${key} --secret --stack ${stack}, with the value on standard input`;
  // Pulumi.yaml declares the keys with an empty default, so empty means not set.
  if (text === undefined || text === "") {
    if ("fallback" in definition) return { value: definition.fallback };
    const set = `pulumi config set ${key} ${definition.example} --stack ${stack}`;
    const remedy = definition.secret === true ? setSecret : set;
    return { key, found: undefined, why: "is not set", remedy };
  }
  if (definition.secret === true && !isEncrypted) {
    const remedy = `make a new one, since this one was in the clear: ${setSecret}`;
    return { key, found: undefined, why: "is a secret and is not encrypted", remedy };
  }
  const refused = structureProblem(key, definition, text) ?? parseProblem(key, definition, text);
  if ("value" in refused) return refused;
  // Somebody may have put a private key where a public one belongs.
  return isEncrypted || text.includes("PRIVATE KEY") ? withoutValue(refused) : refused;
}

/** Keys are flat: Pulumi makes a map of a key that was set with `--path a.b`. */
function structureProblem(
  key: string,
  { example }: ConfigKey<unknown>,
  text: string,
): KeyProblem | undefined {
  const isMap = isJson(text, (value) => typeof value === "object" && value !== null && !Array.isArray(value));
  if (isMap) {
    const remedy = `set it as one value without --path, such as ${example}`;
    return { key, found: text, why: "is a map, and every key here is flat", remedy };
  }
  if (example.startsWith("[") || !isJson(text, Array.isArray)) return undefined;
  return {
    key,
    found: text,
    why: "is a list, but takes one value",
    remedy: `use a value such as ${example}`,
  };
}

function isJson(text: string, is: (value: unknown) => boolean): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    return is(JSON.parse(text));
  } catch {
    return false;
  }
}

function parseProblem(
  key: string,
  definition: ConfigKey<unknown>,
  text: string,
): KeyProblem | { value: unknown } {
  const parsed = definition.parse(text);
  if ("value" in parsed) return parsed;
  return { key, found: text, ...parsed.problem };
}

/** Parsers quote what they found, such as one item of a list. */
function withoutValue(problem: KeyProblem): KeyProblem {
  const why = problem.why.replace(/"(?:[^"\\]|\\.)*"/g, encryptedValue);
  return { ...problem, found: encryptedValue, why };
}
