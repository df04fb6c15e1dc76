import { identitiesOf, textAt, type User } from "../../auth0/user.ts";
import { copyUrl } from "../../policy/picture-copy.ts";
import type { PictureSettings } from "../../policy/settings.ts";

/** What is noted of a copy that is of the root picture as it is. */
export interface NotedCopy {
  readonly url: string;
  /** The source's ETag, or `sha256:…`; undefined where neither is known. */
  readonly source: string | undefined;
  /** When it was made; undefined where that cannot be read. */
  readonly at: Date | undefined;
}

/** @param of The root picture's fingerprint: the policy compares it, and it is compared here only to save the work for others. */
export function notedCopyOf(user: User, of: string, settings: PictureSettings): NotedCopy | undefined {
  const place = ["app_metadata", "picture_copy"] as const;
  if (textAt(user, ...place, "of") !== of) return undefined;
  const url = copyUrl(user["picture"], { user }, settings);
  if (url === undefined) return undefined;
  const at = new Date(textAt(user, ...place, "at") ?? NaN);
  return {
    url,
    source: textAt(user, ...place, "source"),
    at: Number.isNaN(at.getTime()) ? undefined : at,
  };
}

/** Whom of the users a run is for. */
export interface Selection {
  /** How many users who want a copy it looks at, at most. */
  readonly limit: number | undefined;
  /** Why a user who wants a copy is passed over; undefined for one who is not. */
  readonly passedOver: (user: User) => PassedOver | undefined;
}

export type PassedOver = "other-connection" | "checked-lately";

/** What the options choose. */
export interface SelectionOptions {
  /** The name of one that the user has an identity in. */
  readonly connection: string | undefined;
  /** Copies younger than so many days are left alone. */
  readonly maxAge: number | undefined;
  readonly limit: number | undefined;
}

const dayMs = 24 * 60 * 60_000;

export function selectionBy(
  { connection, maxAge, limit }: SelectionOptions,
  settings: PictureSettings,
  now: Date,
): Selection {
  const isLate = (user: User, days: number) => {
    const noted = notedCopyOf(user, textAt(user, "app_metadata", "picture_copy", "of") ?? "", settings);
    return noted?.at !== undefined && now.getTime() - noted.at.getTime() < days * dayMs;
  };
  return {
    limit,
    passedOver: (user) => {
      const isOther =
        connection !== undefined && !identitiesOf(user).some((each) => each.connection === connection);
      if (isOther) return "other-connection";
      return maxAge !== undefined && isLate(user, maxAge) ? "checked-lately" : undefined;
    },
  };
}
