import { ExpectedError } from "../../lib/errors.ts";

/** `changed` and `unchanged` are success; `refused` means that nothing was sent. */
export type DiscourseOutcome = "changed" | "unchanged" | "refused" | "failed";

/** Stable words; docs/discourse.md says what each one means. */
export type DiscourseReason =
  | "synced"
  | "picked"
  | "same-picture"
  | "no-own-avatar"
  | "no-external-id"
  | "email-not-verified"
  | "no-picture-url"
  | "picture-unreachable"
  | "no-account"
  | "other-account"
  | "sync-refused"
  | "pick-refused"
  | "upload-refused"
  | "next-login"
  | "avatar-not-changed"
  | "not-confirmed"
  | "discourse-error";

/** What became of one user. */
export interface DiscourseResult {
  readonly userId: string;
  readonly outcome: DiscourseOutcome;
  readonly reason: DiscourseReason;
  /** For people. */
  readonly message: string;
  /** The user's name in the forum, where an account was found. */
  readonly username?: string;
}

type Named = Pick<DiscourseResult, "userId" | "username">;

function resultOf(outcome: DiscourseOutcome) {
  return ({ userId, username }: Named, reason: DiscourseReason, message: string): DiscourseResult => ({
    userId,
    outcome,
    reason,
    message,
    ...(username === undefined ? {} : { username }),
  });
}

export const changed = resultOf("changed");
export const unchanged = resultOf("unchanged");
export const refused = resultOf("refused");
export const failed = resultOf("failed");

/** For a command about one user: a refusal or failure as an error whose code is `discourse-` and the reason. */
export function requireSuccess(result: DiscourseResult): DiscourseResult {
  if (result.outcome === "changed" || result.outcome === "unchanged") return result;
  throw new ExpectedError(`discourse-${result.reason.replace(/^discourse-/, "")}`, result.message);
}

/** How many users ended how, and why; its size does not grow with the users. */
export interface DiscourseCounts {
  readonly total: number;
  readonly outcomes: Readonly<Record<DiscourseOutcome, number>>;
  readonly reasons: Readonly<Partial<Record<DiscourseReason, number>>>;
}

export const noCounts: DiscourseCounts = {
  total: 0,
  outcomes: { changed: 0, unchanged: 0, refused: 0, failed: 0 },
  reasons: {},
};

/** The counts with one more result. */
export function addToCounts(counts: DiscourseCounts, { outcome, reason }: DiscourseResult): DiscourseCounts {
  return {
    total: counts.total + 1,
    outcomes: { ...counts.outcomes, [outcome]: counts.outcomes[outcome] + 1 },
    reasons: { ...counts.reasons, [reason]: (counts.reasons[reason] ?? 0) + 1 },
  };
}

/** Makes a server fault that a request met the result of its user, so that the others go on. */
export async function failedRequests(
  user: { readonly userId: string },
  run: () => Promise<DiscourseResult>,
): Promise<DiscourseResult> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ExpectedError && error.code === "discourse-error") {
      return failed({ userId: user.userId }, "discourse-error", error.message);
    }
    throw error;
  }
}
