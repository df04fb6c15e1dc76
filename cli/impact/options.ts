import { UsageError } from "../../lib/errors.ts";
import type { Shard } from "./comparison.ts";
import { newlyFailing, type ImpactReport } from "./impact-report.ts";

/** How many people may see another picture. */
export interface ChangedLimit {
  readonly text: string;
  /** A login that fails only with the new Actions is always one too many. */
  readonly isExceeded: (report: Pick<ImpactReport, "users" | "changed" | "groups">) => boolean;
}

/**
 * Reads `1%`, `0.5%` or a number of users.
 *
 * @throws UsageError `max-changed-unclear`.
 */
export function changedLimit(text: string): ChangedLimit {
  const [, digits, sign] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim()) ?? [];
  const number = Number(digits);
  const isPercent = sign === "%";
  if (digits === undefined || (isPercent ? number > 100 : !Number.isSafeInteger(number))) {
    const message = `--max-changed must be a share (1%, at most 100%) or a whole number of users, not ${text}.`;
    throw new UsageError("max-changed-unclear", message);
  }
  return {
    text: text.trim(),
    isExceeded: ({ users, changed, groups }) =>
      newlyFailing({ groups }) > 0 || (isPercent ? isMoreThan(digits, changed, users) : changed > number),
  };
}

/** Whether it is more than a percentage. Compared as integers: as floating point numbers 0.57 × 10,000 is less than 57 × 100. */
function isMoreThan(percent: string, part: number, whole: number): boolean {
  const [integer = "", fraction = ""] = percent.split(".");
  const scale = 100n * 10n ** BigInt(fraction.length);
  return BigInt(part) * scale > BigInt(integer + fraction) * BigInt(whole);
}

/** Parts of the users. */
export const mostShards = 10_000;

/** Reads `2/8`. @throws UsageError `shard-unclear`. */
export function readShard(text: string): Shard {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text.trim()) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (of !== undefined && shard.index >= 1 && shard.index <= shard.of && shard.of <= mostShards) return shard;
  const message = `--shard must be a part and the number of parts, such as 2/8, not ${text}.`;
  throw new UsageError("shard-unclear", message);
}

/** All examples are in memory. */
const mostExamples = 1000;

/** Reads how many examples are kept of each pair of reasons. @throws UsageError `sample-unclear`. */
export function readSampleSize(text: string): number {
  const size = Number(text);
  if (/^\d+$/.test(text) && size <= mostExamples) return size;
  const message = `--sample must be a number from 0 to ${mostExamples}, not ${text}. For a list of all, use --changed.`;
  throw new UsageError("sample-unclear", message);
}
