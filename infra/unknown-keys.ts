import { closest, distance } from "fastest-levenshtein";
import { encryptedValue, type KeyProblem } from "./config-error.ts";

/** How many letters a mistyped namespace may be away from ours: a transposition is two. */
const typoDistance = 2;

/** Somebody may have set a secret in the clear, under a name that is none of ours. */
const looksSecret = /secret|token|pass|key/i;

export interface StackKeys {
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
 * What nobody would read: keys under our namespace that are none of ours, and keys under a namespace that is ours but for
 * a typo. Other projects' and providers' keys are left alone.
 */
export function unknownKeys(keys: StackKeys): KeyProblem[] {
  return Object.entries(keys.all).flatMap(([full, text]) => {
    const [namespace = "", ...rest] = full.split(":");
    const key = rest.join(":");
    const isHidden = keys.encrypted.has(full) || looksSecret.test(key) || text.includes("PRIVATE KEY");
    const found = isHidden ? encryptedValue : text;
    if (namespace === keys.namespace) {
      return keys.known.includes(key) ? [] : [unknownKey(keys, key, found)];
    }
    return distance(namespace, keys.namespace) > typoDistance ? [] : [wrongNamespace(keys, full, key, found)];
  });
}

function unknownKey({ stack, known }: StackKeys, key: string, found: string): KeyProblem {
  const remedy =
    `rename it if you mean ${nearestName(key, known)}, the nearest key, or take it out ` +
    `(pulumi config rm ${key} --stack ${stack}); docs/configuration.md lists all keys`;
  return { key, found, why: "is not a key of this project", remedy };
}

function wrongNamespace(keys: StackKeys, full: string, key: string, found: string): KeyProblem {
  const { stack, namespace, known } = keys;
  const remedy =
    `set ${namespace}:${nearestName(key, known)} instead, and take this one out ` +
    `(pulumi config rm ${full} --stack ${stack})`;
  return { key: full, found, why: `is under a namespace that nobody reads; ours is ${namespace}`, remedy };
}

/** Upper and lower case are no difference here: `Gravatar` and `awsaccountid` are meant well. */
export function nearestName(name: string, names: readonly string[]): string {
  const lower = names.map((candidate) => candidate.toLowerCase());
  return names[lower.indexOf(closest(name.toLowerCase(), lower))] ?? name;
}
