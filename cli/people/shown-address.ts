import type { User } from "../../auth0/user.ts";
import type { Decision } from "../../policy/decide.ts";
import { readPath } from "../../policy/login.ts";
import { addressEnd, describeEnd, isPast } from "./address-end.ts";
import { findMistake, type AddressMistake } from "./mistyped-address.ts";

/** What speaks against the stored address of a picture that a login shows. */
export interface AddressDoubt {
  readonly picture: "own" | "root";
  readonly doubt: AddressMistake | "ended" | "ends";
  /** For people, about the address as "it". */
  readonly words: string;
}

/**
 * The policy asks no clock and takes what the URL standard takes: a login shows a picture by an address that has ended, or
 * that was normalised to another one than was meant. These are the doubts about the picture that is shown; one that no
 * login shows has a fault instead.
 *
 * @param now `ends` is told of an end that is still to come.
 */
export function doubtsOfShown(user: User, { reason }: Decision, now: Date): AddressDoubt[] {
  const picture = reason === "user" ? "own" : showsRoot.has(reason) ? "root" : undefined;
  if (picture === undefined) return [];
  const value = picture === "own" ? readPath(user, "user_metadata", "picture") : user["picture"];
  const found = findMistake(value);
  const end = typeof value === "string" ? addressEnd(value) : undefined;
  return [
    ...(found === undefined ? [] : [{ picture, doubt: found.mistake, words: found.words } as const]),
    ...(end === undefined ? [] : [{ picture, ...endDoubt(end, now) } as const]),
  ];
}

/** Why a login shows the root picture, as it is or in another form. */
export const showsRoot: ReadonlySet<Decision["reason"]> = new Set<Decision["reason"]>([
  "kept",
  "normalised",
  "gravatar-fallback",
]);

function endDoubt(end: Date, now: Date): Pick<AddressDoubt, "doubt" | "words"> {
  return isPast(end, now)
    ? { doubt: "ended", words: `it ended on ${describeEnd(end)}` }
    : { doubt: "ends", words: `it ends on ${describeEnd(end)}` };
}
