import { createTwoFilesPatch } from "diff";

/** An Action's code with the words that a diff calls it by. */
export interface NamedCode {
  readonly name: string;
  readonly code: string;
}

/** A unified diff with three lines of context, as `diff -u` prints it, without a line break at its end. */
export function unifiedDiff(from: NamedCode, to: NamedCode): string {
  const headerOptions = { includeIndex: false, includeUnderline: false, includeFileHeaders: true };
  const options = { context: 3, headerOptions };
  return createTwoFilesPatch(from.name, to.name, from.code, to.code, undefined, undefined, options).trimEnd();
}
