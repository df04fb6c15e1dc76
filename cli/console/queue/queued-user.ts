import type { User } from "../../../auth0/user.ts";
import { recordIn } from "../../../lib/json.ts";
import { isBlocked } from "../../people/block-state.ts";
import { isReviewed, ownPicture } from "../../people/review-state.ts";

/** The root fields that a card of the queue, and the decision about it, look at: no others are asked for. */
export const queuedFields = [
  "user_id",
  "name",
  "nickname",
  "username",
  "email",
  "picture",
  "identities",
  "user_metadata",
  "app_metadata",
  "updated_at",
  "last_login",
] as const;

/** Of the metadata, what our commands and Actions read. */
const metadataKeys = {
  user_metadata: ["picture", "gravatar_disabled"],
  app_metadata: [
    "picture_blocked",
    "picture_block",
    "picture_copy",
    "picture_folder",
    "picture_reviewed",
    "discourse_id",
  ],
} as const;

/** Characters; no login shows a picture whose text is longer, and users can write some of these texts. */
const longestText = 8192;

/**
 * The own picture that there is to judge, without white space around it; undefined where there is none, where it is blocked, and where
 * it was judged as it is.
 */
export function pictureToJudge(user: User): string | undefined {
  const picture = ownPicture(user);
  return picture === undefined || isBlocked(user) || isReviewed(user) ? undefined : picture;
}

/**
 * The user with nothing but what the console looks at, so that many fit into memory. Texts of more than 8,192 characters are cut: read
 * the user anew before anything is decided about such a picture.
 */
export function queuedUser(user: User): User {
  const kept: Record<string, unknown> = {};
  for (const field of queuedFields) {
    if (user[field] !== undefined) kept[field] = shortened(user[field]);
  }
  for (const [name, keys] of Object.entries(metadataKeys)) {
    const metadata = recordIn(user, name);
    const ours = keys.filter((key) => metadata[key] !== undefined);
    kept[name] = Object.fromEntries(ours.map((key) => [key, shortened(metadata[key])]));
  }
  return { ...kept, user_id: user.user_id, identities: identitiesWithoutProfiles(user) };
}

function shortened(value: unknown): unknown {
  return typeof value === "string" ? value.slice(0, longestText) : value;
}

/** A linked identity's `profileData` is a whole profile, its picture included. */
function identitiesWithoutProfiles(user: User): unknown {
  const { identities } = user;
  if (!Array.isArray(identities)) return [];
  return identities.map((identity: unknown) =>
    Object.fromEntries(
      ["provider", "connection", "user_id"].map((field) => [
        field,
        recordIn({ identity }, "identity")[field],
      ]),
    ),
  );
}
