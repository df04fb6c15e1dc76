import { closest, distance } from "fastest-levenshtein";
import { projectName } from "../lib/project.ts";
import { encryptedValue, type KeyProblem } from "./config-error.ts";
import { configKeys, type ConfigKey, type ConfigValues } from "./config-keys.ts";

/** The namespace of our keys: the project's name, as Pulumi wants it. */
export const configNamespace = projectName();

/** The name of the project that the template comes from, and the namespace of whoever keeps it. */
const templateName = "auth0-user-pictures";

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
    const remedy = `create a new one, because this one was not encrypted: ${setSecret}`;
    return { key, found: undefined, why: "is a secret and is not encrypted", remedy };
  }
  const refused = structureProblem(key, definition, text) ?? parseProblem(key, definition, text);
  if ("value" in refused) return refused;
  // It may be a private key, put where a public one belongs.
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
    return { key, found: text, why: "is a map, but no key here is nested", remedy };
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

/** How many letters a mistyped namespace may be away from ours: a transposition is two. Short names are near to too many. */
const typoDistance = Math.min(2, Math.floor(configNamespace.length / 4));

/** Namespaces of others that a project's name may be near to. */
const foreignNamespaces = ["auth0", "aws", "discourse", "pulumi"];

/** It may be a secret, set unencrypted under a name that is not ours. */
const looksSecret = /secret|token|pass|key/i;

interface StackKeys {
  readonly stack: string;
  /** Our namespace. */
  readonly namespace: string;
  /** The names of our keys. */
  readonly known: readonly string[];
  /** Every key of the stack with its namespace, values as text. */
  readonly all: Readonly<Record<string, string>>;
  /** Those of them, with namespace, whose values must not be shown. */
  readonly encrypted: ReadonlySet<string>;
}

/**
 * Keys that would not be read: unknown keys under our namespace, and keys under a namespace that is ours but for
 * a typo, or that of the template. Other projects' and providers' keys are left alone.
 */
function unknownKeys(keys: StackKeys): KeyProblem[] {
  return Object.entries(keys.all).flatMap(([full, text]) => {
    const [namespace = "", ...rest] = full.split(":");
    const key = rest.join(":");
    const isHidden = keys.encrypted.has(full) || looksSecret.test(key) || text.includes("PRIVATE KEY");
    const found = isHidden ? encryptedValue : text;
    if (namespace === keys.namespace) {
      return keys.known.includes(key) ? [] : [unknownKey(keys, key, found)];
    }
    return isMeantForUs(namespace, keys.namespace) ? [wrongNamespace(keys, full, key, found)] : [];
  });
}

function isMeantForUs(namespace: string, ours: string): boolean {
  if (namespace === templateName) return true;
  return !foreignNamespaces.includes(namespace) && distance(namespace, ours) <= typoDistance;
}

function unknownKey({ stack, known }: StackKeys, key: string, found: string): KeyProblem {
  const remedy =
    `rename it if you mean ${nearestName(key, known)}, the nearest key, or remove it ` +
    `(pulumi config rm ${key} --stack ${stack}); docs/configuration.md lists all keys`;
  return { key, found, why: "is not a key of this project", remedy };
}

function wrongNamespace(keys: StackKeys, full: string, key: string, found: string): KeyProblem {
  const { stack, namespace, known } = keys;
  const remedy =
    `set ${namespace}:${nearestName(key, known)} instead, and remove this one ` +
    `(pulumi config rm ${full} --stack ${stack})`;
  return { key: full, found, why: `is under a namespace that is not read; ours is ${namespace}`, remedy };
}

/** Case does not count here: `Gravatar` and `awsaccountid` are likely typos. */
function nearestName(name: string, names: readonly string[]): string {
  const lower = names.map((candidate) => candidate.toLowerCase());
  return names[lower.indexOf(closest(name.toLowerCase(), lower))] ?? name;
}
