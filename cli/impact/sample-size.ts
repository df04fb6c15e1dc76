import { UsageError } from "../usage-error.ts";

/** All examples are in memory. */
const mostExamples = 1000;

/** Reads how many examples are kept of each pair of reasons. @throws UsageError `sample-unclear`. */
export function readSampleSize(text: string): number {
  const size = Number(text);
  if (/^\d+$/.test(text) && size <= mostExamples) return size;
  const message = `--sample ${text} is no number from 0 to ${mostExamples}. For a list of all, use --changed.`;
  throw new UsageError("sample-unclear", message);
}
