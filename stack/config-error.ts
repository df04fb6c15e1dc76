import { ExpectedError } from "../lib/errors.ts";
import type { Problem } from "./config-value.ts";

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

/** The default image cannot be used; `problems` are for a report together with those of other keys. */
export class DefaultImageError extends ExpectedError {
  readonly problems: readonly KeyProblem[];

  constructor(code: string, path: string, problems: readonly Problem[], options?: ErrorOptions) {
    super(code, message(path, problems), options);
    this.name = "DefaultImageError";
    this.problems = problems.map((problem) => ({ key: "defaultImage", found: path, ...problem }));
  }
}

export function brokenImage(path: string, cause: unknown): DefaultImageError {
  const remedy = "export it again as PNG, JPEG or GIF, or set the key to another file";
  const problems = [{ why: "does not decode", remedy }];
  return new DefaultImageError("default-image-broken", path, problems, { cause });
}

export function unsuitableImage(path: string, problems: readonly Problem[]): DefaultImageError {
  return new DefaultImageError("default-image-unsuitable", path, problems);
}

function message(path: string, problems: readonly Problem[]): string {
  const lines = problems.map(({ why, remedy }) => `${why}: ${remedy}.`);
  if (lines.length === 1) return `defaultImage (${path}) ${lines.join("")}`;
  return [`defaultImage (${path}) has ${lines.length} problems:`, ...lines.map((line) => `  - ${line}`)].join(
    "\n",
  );
}
