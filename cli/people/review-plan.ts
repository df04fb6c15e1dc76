import type { User } from "../../auth0/user.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { sha256 } from "../../lib/hash.ts";
import { blockNote } from "./block-state.ts";
import type { Plan } from "./change-picture.ts";
import type { People } from "./people.ts";
import { isReviewed, ownPicture, type Review } from "./review-state.ts";

/**
 * Marks the own picture as looked at and fine. It needs what `blocking` says; the next login shows the same as before.
 *
 * @throws ExpectedError `nothing-to-review` where there is no own picture.
 */
export function reviewPlan({ clientId, now }: Pick<People, "clientId" | "now">, user: User): Plan {
  const picture = ownPicture(user);
  if (picture === undefined) throw nothingToReview(user);
  const block = blockNote(user);
  const review: Review = { url: sha256(picture), by: clientId, at: now().toISOString() };
  return {
    change: isReviewed(user) ? {} : { "app_metadata.picture_reviewed": review },
    notes: [
      "The own picture is marked as looked at and fine. A picture that is set later is new again.",
      ...(block === undefined ? [] : [`It is blocked (${block}), and stays so until pictures unblock.`]),
    ],
  };
}

function nothingToReview({ user_id: id }: User): ExpectedError {
  return new ExpectedError(
    "nothing-to-review",
    `${id} has no own picture, so nothing was marked. What the next login shows instead, pictures show says.`,
  );
}
