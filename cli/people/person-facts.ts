import type { ConnectionSync } from "../../auth0/tenant-users.ts";
import { identitiesOf, primaryIdentity, textAt, type Identity, type User } from "../../auth0/user.ts";
import { visible } from "../../lib/terminal.ts";
import type { Decision } from "../../policy/decide.ts";
import { readPath } from "../../policy/login.ts";
import { isProvided } from "../../policy/root-picture.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import { blockNote } from "./block-state.ts";
import { copyState, copyStateWords } from "./copy-state.ts";
import { findFaults, type Finding } from "./finding.ts";
import { nextLogin } from "./next-login.ts";
import type { People } from "./people.ts";
import { explainFault, ownFaultOf, rootPictureFault } from "./picture-fault.ts";
import { reviewNote } from "./review-state.ts";
import { doubtsOfShown, showsRoot, type AddressDoubt } from "./shown-address.ts";

/** One picture of a profile, and what a login does with it. */
export interface PictureFact {
  /** The address as it is stored; null where there is no text. */
  readonly url: string | null;
  /** For people: the address, shortened, or what there is instead. */
  readonly text: string;
  /** For people, about it: why a login does not show it, and what speaks against it. Empty where nothing does. */
  readonly note: string;
  readonly isShown: boolean;
}

/** What is known of a user's picture, for people. */
export interface PersonFacts {
  readonly decision: Decision;
  readonly root: PictureFact;
  /** Whose the root picture is: with linked accounts it is always the primary identity's. */
  readonly rootFrom: string;
  readonly own: PictureFact;
  /** Undefined where nothing is noted of one: most users have none. */
  readonly copy: (PictureFact & { readonly at: string | undefined }) | undefined;
  readonly review: string | undefined;
  readonly block: string | undefined;
  readonly gravatarDisabled: boolean;
  readonly connection: { readonly identity: Identity; readonly words: string };
  /** ISO 8601; undefined for never. */
  readonly lastLogin: string | undefined;
  /** The other identities. */
  readonly linked: readonly Identity[];
  readonly faults: readonly Finding[];
}

const syncWords: Readonly<Record<ConnectionSync, string>> = {
  "each-login": "its provider overwrites the root picture at each login",
  "first-login": "its provider set the root picture at the first login only",
  never: "logins do not change the root picture",
  unknown: "whether it overwrites the root picture cannot be read (capability connections)",
};

/** @param sync Of the primary identity's connection. */
export function personFacts(
  { settings, now }: Pick<People, "settings" | "now">,
  user: User,
  sync: ConnectionSync,
): PersonFacts {
  const decision = nextLogin(user, settings);
  const login = { settings, decision, now: now() };
  return {
    decision,
    root: rootFact(user, login),
    rootFrom: describeOrigin(user),
    own: ownFact(user, login),
    copy: copyFact(user, login),
    review: reviewNote(user),
    block: blockNote(user),
    gravatarDisabled: gravatarDisabled(user),
    connection: { identity: primaryIdentity(user), words: syncWords[sync] },
    lastLogin: textAt(user, "last_login"),
    linked: identitiesOf(user).slice(1),
    faults: findFaults(user, decision, settings, login.now),
  };
}

export function gravatarDisabled(user: User): boolean {
  return readPath(user, "user_metadata", "gravatar_disabled") === true;
}

interface Login {
  readonly settings: PictureSettings;
  readonly decision: Decision;
  readonly now: Date;
}

function rootFact(user: User, { settings, decision, now }: Login): PictureFact {
  const { picture: root } = user;
  const note =
    decision.reason === "root-refused"
      ? `a login does not show it: ${explainFault(rootPictureFault(user, settings), settings, root)}`
      : doubtsOf("root", user, decision, now);
  return { ...described(root), note, isShown: showsRoot.has(decision.reason) };
}

function doubtsOf(which: AddressDoubt["picture"], user: User, decision: Decision, now: Date): string {
  const doubts = doubtsOfShown(user, decision, now).filter(({ picture }) => picture === which);
  return doubts.map(({ words }) => words).join("; ");
}

function describeOrigin(user: User): string {
  const trust = isProvided(user.user_id)
    ? "from its provider"
    : "possibly written by the user, for example at sign-up";
  return `${visible(user.user_id)}, the primary identity: ${trust}`;
}

function ownFact(user: User, { settings, decision, now }: Login): PictureFact {
  const own = readPath(user, "user_metadata", "picture");
  if (typeof own === "string" && own.trim() === "")
    return { url: null, text: "removed", note: "", isShown: false };
  const fault = ownFaultOf(user, settings);
  const note =
    fault === undefined
      ? doubtsOf("own", user, decision, now)
      : `a login ignores it: ${explainFault(fault, settings, own)}`;
  return { ...described(own), note, isShown: decision.reason === "user" };
}

function copyFact(user: User, { settings, decision }: Login): PersonFacts["copy"] {
  const state = copyState(user, settings);
  if (state === "none") return undefined;
  const [url, at] = ["url", "at"].map((name) => textAt(user, "app_metadata", "picture_copy", name));
  const isShown = decision.reason === "copy";
  const off = settings.copies === "show" ? "" : "; copies are off (config key copies)";
  const shows = isShown ? "a login shows it" : `a login does not show it${off}`;
  return { ...described(url), at, note: `${copyStateWords[state]}; ${shows}`, isShown };
}

/** Characters of a picture, which may have thousands: of a web URL, and of what is none. */
const shortened = { url: 300, other: 40 };

function described(value: unknown): Pick<PictureFact, "url" | "text"> {
  return { url: typeof value === "string" ? value : null, text: describeValue(value) };
}

function describeValue(value: unknown): string {
  if (value === undefined || value === null) return "none";
  if (Array.isArray(value)) return "a list";
  if (typeof value !== "string")
    return typeof value === "object" ? "an object" : `a ${typeof value}, not a string`;
  if (value.trim() === "") return "blank";
  const most = /^\s*https?:/i.test(value) ? shortened.url : shortened.other;
  if (value.length <= most) return visible(value);
  return visible(`${value.slice(0, most)}… (${value.length} characters)`);
}
