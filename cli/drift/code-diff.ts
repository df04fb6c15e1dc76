import { createTwoFilesPatch } from "diff";

/** A unified diff of an Action's code, from what the program has to what the tenant has. */
export function codeDiff(action: string, expected: string, found: string): string {
  const options = {
    context: 2,
    headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
  };
  const names = [`${action}.js (program)`, `${action}.js (tenant)`] as const;
  return createTwoFilesPatch(names[0], names[1], expected, found, undefined, undefined, options).trimEnd();
}
