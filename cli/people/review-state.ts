import { textAt, type User } from "../../auth0/user.ts";
import { sha256 } from "../../lib/hash.ts";
import { visible } from "../../lib/terminal.ts";
import { readPath } from "../../policy/login.ts";

/** What `app_metadata.picture_reviewed` holds: who looked at a picture and found it fine. */
export interface Review {
  /** SHA-256, in hexadecimal, of the URL that was looked at, without white space around it. */
  readonly url: string;
  /** The Management API client's id. */
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** Whether the user's own picture is the one that was found fine: a changed picture is new again, and so is one with a mark of another shape. */
export function isReviewed(user: User): boolean {
  return reviewOf(user) !== undefined;
}

/** The review of the user's own picture as it is; undefined where it has none. */
export function reviewOf(user: User): Review | undefined {
  const picture = ownPicture(user);
  const [url, by, at] = ["url", "by", "at"].map((name) =>
    textAt(user, "app_metadata", "picture_reviewed", name),
  );
  if (picture === undefined || url === undefined || by === undefined || at === undefined) return undefined;
  return url === sha256(picture) ? { url, by, at } : undefined;
}

/** By whom and when the own picture was found fine; undefined where nobody did. */
export function reviewNote(user: User): string | undefined {
  const review = reviewOf(user);
  return review && visible(`judged fine by client ${review.by} on ${review.at}`);
}

/** What is judged: the text of the user's own picture, whether or not a login shows it; undefined where there is none. */
export function ownPicture(user: User): string | undefined {
  const text = textAt(user, "user_metadata", "picture")?.trim();
  return text === "" ? undefined : text;
}

/** Whether anything is noted of a review, whatever it is. */
export function hasReviewNote(user: User): boolean {
  return (readPath(user, "app_metadata", "picture_reviewed") ?? null) !== null;
}
