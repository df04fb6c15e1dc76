import { createHash } from "node:crypto";

/** What a file asks for a user, and what the user is before. */
export interface BulkUser {
  readonly user_id: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly name: string;
  readonly picture: string;
  readonly user_metadata: Readonly<Record<string, unknown>>;
  readonly app_metadata: Readonly<Record<string, unknown>>;
}

export type Ask =
  | { readonly action: "set"; readonly url: string }
  | { readonly action: "clear" }
  | { readonly action: "block"; readonly reason: string };

/** The database user of a number, always the same. */
export function bulkUser(number: number): BulkUser {
  const id = createHash("sha256").update(String(number)).digest("hex").slice(0, 24);
  return {
    user_id: `auth0|${id}`,
    email: `user${number}@acme.com`,
    email_verified: number % 7 !== 0,
    name: `User ${number}`,
    picture: "https://img.acme.com/root.png",
    user_metadata: {
      theme: number % 2 === 0 ? "dark" : "light",
      ...(number % 3 === 0 ? { picture: "https://old.acme.com/a.png" } : {}),
    },
    app_metadata: { plan: `plan-${number % 5}` },
  };
}

/** Each so-manieth user of a tenant with linked identities has one, whose id a file may name instead. */
const linkedEvery = 500;

/** The identity that is linked to the user of a number; undefined for most. */
export function linkedIdentity(
  number: number,
): { readonly provider: string; readonly user_id: string } | undefined {
  return number % linkedEvery === 250
    ? { provider: "google-oauth2", user_id: `linked-${number}` }
    : undefined;
}

/** What others set. */
export const pictureOfOthers = "https://img.acme.com/users/others.png";

/** What the file asks for the user of a number. A block for one user in a hundred: blocks go one by one. */
export function askOf(number: number): Ask {
  if (number % 100 === 99) return { action: "block", reason: `case ${number}` };
  if (number % 10 >= 7) return { action: "clear" };
  return { action: "set", url: `https://img.acme.com/users/${number}.png` };
}

/** What is wrong with the user at the end, or undefined. */
export function wrongWith(
  number: number,
  found: Record<string, unknown> | undefined,
  note: string | undefined,
): string | undefined {
  if (found === undefined) return "is gone";
  const before = bulkUser(number);
  const ask = askOf(number);
  const { picture_block: block, ...appMetadata } = Object(found["app_metadata"]) as Record<string, unknown>;
  const expected = {
    ...before,
    user_metadata: {
      ...before.user_metadata,
      ...(ask.action === "set" ? { picture: ask.url } : {}),
      ...(ask.action === "clear" ? { picture: "" } : {}),
      ...(note === undefined ? {} : { note }),
    },
    app_metadata: { ...before.app_metadata, ...(ask.action === "block" ? { picture_blocked: true } : {}) },
  };
  const actual = {
    ...Object.fromEntries(Object.keys(before).map((key) => [key, found[key]])),
    app_metadata: appMetadata,
  };
  if (sortedText(actual) !== sortedText(expected))
    return `is ${sortedText(actual)} instead of ${sortedText(expected)}`;
  const reason = (Object(block) as { reason?: unknown }).reason;
  const wanted = ask.action === "block" ? ask.reason : undefined;
  return reason === wanted ? undefined : `is blocked for ${String(reason)} instead of ${String(wanted)}`;
}

/** What is wrong with the user after everything was taken back, or undefined. */
export function notRestored(
  number: number,
  found: Record<string, unknown>,
  { note, picture }: { readonly note: string | undefined; readonly picture?: string },
): string | undefined {
  const before = bulkUser(number);
  const {
    picture_block: _block,
    picture_blocked: _blocked,
    ...appMetadata
  } = Object(found["app_metadata"]) as Record<string, unknown>;
  const expected = {
    ...before,
    user_metadata: {
      ...before.user_metadata,
      ...(picture === undefined ? {} : { picture }),
      ...(note === undefined ? {} : { note }),
    },
  };
  const actual = Object.fromEntries(Object.keys(before).map((key) => [key, found[key]]));
  // Of a user whom others changed, the block of the run stays.
  const compared = picture === undefined ? actual : { ...actual, app_metadata: appMetadata };
  return sortedText(compared) === sortedText(expected)
    ? undefined
    : `is ${sortedText(compared)} instead of ${sortedText(expected)}`;
}

function sortedText(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
