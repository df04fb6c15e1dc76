import { ExpectedError } from "../../lib/errors.ts";
import type { Candidate } from "./resource-kind.ts";

/** `recover` takes only what is provably ours; `adopt` takes what has the right name. */
export type Mode = "recover" | "adopt";

export interface Question {
  readonly mode: Mode;
  /** Whether the state lacks the resource. */
  readonly isMissing: boolean;
  /** What the state does not know, the best first. */
  readonly candidates: readonly Candidate[];
  /** The id that the user named; then no other will do. */
  readonly chosenId?: string | undefined;
}

/** What happens with the candidates of one resource. */
export interface Choice {
  readonly import?: Candidate;
  /** Provably ours, and one too many. */
  readonly duplicates: readonly Candidate[];
  /** Nothing happens with these; people are told. */
  readonly unclear: readonly Candidate[];
}

/** @throws ExpectedError `adopt-refused` or `adopt-ambiguous`. */
export function choose(question: Question): Choice {
  return question.mode === "adopt" ? chooseForAdoption(question) : chooseForRecovery(question);
}

function chooseForRecovery({ isMissing, candidates }: Question): Choice {
  const ours = candidates.filter(({ isOurs }) => isOurs);
  const unclear = candidates.filter(({ isOurs }) => !isOurs);
  const [first, ...others] = ours;
  if (!isMissing || first === undefined) return { duplicates: ours, unclear };
  return { import: first, duplicates: others, unclear };
}

function chooseForAdoption({ isMissing, candidates, chosenId }: Question): Choice {
  const nothing: Choice = { duplicates: [], unclear: [] };
  if (!isMissing) return nothing;
  const refused = candidates.find(({ refusal }) => refusal !== undefined);
  if (refused?.refusal !== undefined) {
    throw new ExpectedError("adopt-refused", `${refused.what} cannot be taken over: ${refused.refusal}.`);
  }
  const chosen = candidates.find(({ id }) => id === chosenId);
  if (chosen !== undefined) return { ...nothing, import: chosen };
  if (chosenId !== undefined) throw notThere(chosenId, candidates);
  const [only, ...others] = candidates;
  if (only === undefined) return nothing;
  if (others.length === 0) return { ...nothing, import: only };
  throw new ExpectedError(
    "adopt-ambiguous",
    [
      "Several have the name that the program uses. Choose one:",
      ...listed(candidates),
      "Use --client ID, or rename the others.",
    ].join("\n"),
  );
}

function notThere(chosenId: string, candidates: readonly Candidate[]): ExpectedError {
  const first = `None with the name that the program uses has the id ${chosenId}.`;
  const lines =
    candidates.length === 0
      ? [`${first} There is none of that name: without --client the next \`pulumi up\` creates one.`]
      : [
          `${first} There ${candidates.length === 1 ? "is" : "are"}:`,
          ...listed(candidates),
          candidates.length === 1 ? "Name it with --client ID." : "Name one of these with --client ID.",
        ];
  return new ExpectedError("adopt-refused", lines.join("\n"));
}

function listed(candidates: readonly Candidate[]): string[] {
  return candidates.map(({ what, because }) => `  - ${what}: ${because}`);
}
