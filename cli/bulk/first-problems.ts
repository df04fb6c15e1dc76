import type { LineProblem } from "./bulk-change.ts";

/** All problems are counted, and the first of them by line are kept. */
export interface FirstProblems {
  readonly add: (problem: LineProblem) => void;
  readonly total: () => number;
  readonly first: () => readonly LineProblem[];
}

export function firstProblems(kept: number): FirstProblems {
  let found: LineProblem[] = [];
  let total = 0;
  const sorted = () => found.sort((a, b) => a.line - b.line).slice(0, kept);
  return {
    add: (problem) => {
      total += 1;
      found.push(problem);
      if (found.length >= kept * 2) found = sorted();
    },
    total: () => total,
    first: sorted,
  };
}
