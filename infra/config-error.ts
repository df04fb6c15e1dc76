import type { Problem } from "./config-value.ts";
import { ExpectedError } from "./expected-error.ts";

/** Stands for a value that must not be shown. */
export const encryptedValue = "[encrypted]";

/** A problem with one key. `found` is the value as it stands there, undefined where the key is not set. */
export interface KeyProblem extends Problem {
  readonly key: string;
  readonly found: string | undefined;
}

/** Every problem of one source (a stack's configuration, a settings file) in one report. */
export class ConfigError extends ExpectedError {
  readonly problems: readonly KeyProblem[];

  constructor(source: string, problems: readonly KeyProblem[]) {
    super("invalid-config", report(source, problems));
    this.name = "ConfigError";
    this.problems = problems;
  }
}

function report(source: string, problems: readonly KeyProblem[]): string {
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  return [`${source} has ${count}:`, ...problems.map(line)].join("\n");
}

function line({ key, found, why, remedy }: KeyProblem): string {
  const named = found === undefined ? key : `${key} (${shorten(found)})`;
  return `  - ${named} ${why}: ${remedy}.`;
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
