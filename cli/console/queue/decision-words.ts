import type { Judgement } from "../decisions/decide.ts";
import type { Decided } from "../decisions/decided.ts";

/** What a moderator wants, such as "Block: nudity". */
export function judgementWords(judgement: Judgement): string {
  if (judgement.kind === "fine") return "Fine";
  return judgement.kind === "clear" ? "Clear" : `Block: ${judgement.reason}`;
}

/** What became of it, for people: done, or the cause. */
export function decidedWords(wanted: string, decided: Decided): string {
  switch (decided.outcome) {
    case "done": {
      const besides = [
        ...decided.lines,
        ...(decided.failedAfter === undefined ? [] : [causeOf(decided.failedAfter)]),
      ];
      return [`${wanted}. Done.`, ...besides].join(" ");
    }
    case "unchanged":
      return `${wanted}. Nothing to do: ${decided.why}`;
    case "changed":
      return `Not done. ${causeOf(decided)}`;
    case "refused":
      return `Not done. ${causeOf(decided)}`;
  }
}

function causeOf({ message, code }: { readonly message: string; readonly code: string }): string {
  return `${message} (${code})`;
}
