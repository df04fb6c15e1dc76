import type { BenchResults } from "../../bench/bench-figures.ts";
import { markdownTable } from "../../bench/table.ts";

const section = /(<!-- figures -->\n)[^]*(<!-- \/figures -->)/;

/** docs/benchmarks.md with the table of these results in its section for figures. */
export function benchmarksPage(former: string, { machine, comparisons }: BenchResults): string {
  if (!section.test(former)) throw new Error("docs/benchmarks.md has lost its section for figures.");
  const table = markdownTable(machine, comparisons);
  // As a function, so that no dollar in the table is read as a reference.
  return former.replace(section, (_, start: string, end: string) => `${start}\n${table}\n\n${end}`);
}
