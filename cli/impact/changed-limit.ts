import { UsageError } from "../usage-error.ts";
import type { Tallied } from "./impact-report.ts";

/** How many people may see another picture. */
export interface ChangedLimit {
  readonly text: string;
  readonly isExceeded: (counts: Tallied) => boolean;
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
    const message = `--max-changed ${text} is neither a share (1%, at most 100%) nor a whole number of users.`;
    throw new UsageError("max-changed-unclear", message);
  }
  return {
    text: text.trim(),
    isExceeded: ({ users, changed }) => (isPercent ? changed * 100 > number * users : changed > number),
  };
}
