import type { KeyProblem } from "./config-error.ts";
import type { Problem } from "./config-value.ts";
import { ExpectedError } from "./expected-error.ts";

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
