import { findUser, readConnectionSync, type ConnectionSync } from "../../auth0/tenant-users.ts";
import { identitiesOf, labelOf, linkedNote, primaryIdentity, textAt, type User } from "../../auth0/user.ts";
import { terminalLines } from "../../lib/terminal-text.ts";
import { visible } from "../../lib/terminal.ts";
import type { Decision } from "../../policy/decide.ts";
import { readPath } from "../../policy/login.ts";
import { isProvided } from "../../policy/root-picture.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import { readStackNamed } from "../../stack/stack-file.ts";
import type { CommandReport } from "../command.ts";
import { blockNote, isBlocked } from "./block-state.ts";
import { copyState, copyStateWords, notedCopy } from "./copy-state.ts";
import { describeFinding, findFaults, findingWords, type Finding } from "./finding.ts";
import { nextLogin, shown } from "./next-login.ts";
import type { People } from "./people.ts";
import { explainFault, ownFaultOf, rootPictureFault } from "./picture-fault.ts";
import { reviewNote, reviewOf } from "./review-state.ts";
import { doubtsOfShown, type AddressDoubt } from "./shown-address.ts";

const syncWords: Readonly<Record<ConnectionSync, string>> = {
  "each-login": "its provider overwrites the root picture at each login",
  "first-login": "its provider set the root picture at the first login only",
  never: "logins do not change the root picture",
  unknown: "whether it overwrites the root picture cannot be read (capability connections)",
};

/**
 * What is known of a user's picture, and what the next login shows.
 *
 * @param otherStacks Whose settings to compare with.
 */
export async function showUser(
  people: People,
  wanted: string,
  otherStacks: readonly string[],
): Promise<CommandReport> {
  const others = await Promise.all(
    otherStacks.map(async (stack) => ({ stack, ...(await readStackNamed(stack, people.env)) })),
  );
  const user = await findUser(people.users, wanted);
  const sync = await readConnectionSync(people.access, primaryIdentity(user));
  const decision = nextLogin(user, people.settings);
  const whose = linkedNote(wanted, user);
  const faults = findFaults(user, decision, people.settings, people.now());
  const elsewhere = others.map(({ stack, settings }) => ({ stack, ...nextLogin(user, settings) }));
  return {
    text: terminalLines([
      labelOf(user),
      ...(whose === undefined ? [] : [`  ${whose}`]),
      `  next login:  ${shown(decision)}`,
      ...profileLines(user, sync, { settings: people.settings, decision, now: people.now() }),
      ...faults.flatMap(faultLines),
      ...elsewhere.map(({ stack, ...other }) => `  by ${stack}:  ${shown(other)}`),
    ]),
    json: {
      stack: people.stack,
      ...profileJson(user, sync, people.settings),
      ...decision,
      findings: faults.map(({ kind, cause, address }) => ({ finding: kind, cause, address })),
      otherStacks: elsewhere,
    },
  };
}

function faultLines(fault: Finding): string[] {
  const indent = " ".repeat(15);
  return [`  to fix:      ${describeFinding(fault)}`, `${indent}${findingWords[fault.kind].remedy}.`];
}

interface Login {
  readonly settings: PictureSettings;
  readonly decision: Decision;
  readonly now: Date;
}

function profileLines(user: User, sync: ConnectionSync, login: Login): string[] {
  const { connection, provider } = primaryIdentity(user);
  const [block, review] = [blockNote(user), reviewNote(user)];
  return [
    `  root:        ${describeRoot(user, login)}`,
    `  root from:   ${describeOrigin(user)}`,
    `  own picture: ${describeOwn(user, login)}`,
    ...(review === undefined ? [] : [`  reviewed:    ${review}`]),
    ...copyLines(user, login),
    ...(gravatarDisabled(user) ? ["  gravatar:    switched off"] : []),
    ...(block === undefined ? [] : [`  blocked:     ${block}`]),
    `  connection:  ${connection} (${provider}); ${syncWords[sync]}`,
    `  last login:  ${textAt(user, "last_login") ?? "never"}`,
    ...identitiesOf(user)
      .slice(1)
      .map((linked) => `  linked:      ${linked.userId}, connection ${linked.connection}`),
  ];
}

function describeRoot(user: User, { settings, decision, now }: Login): string {
  const root = describeValue(user["picture"]);
  if (decision.reason !== "root-refused") return root + doubtsOf("root", user, decision, now);
  const why = explainFault(rootPictureFault(user, settings), settings, user["picture"]);
  return `${root} (a login does not show it: ${why})`;
}

function doubtsOf(which: AddressDoubt["picture"], user: User, decision: Decision, now: Date): string {
  const doubts = doubtsOfShown(user, decision, now).filter(({ picture }) => picture === which);
  return doubts.length === 0 ? "" : ` (${doubts.map(({ words }) => words).join("; ")})`;
}

/** Whose the root picture is: with linked accounts it is always the primary identity's. */
function describeOrigin(user: User): string {
  const { userId } = rootOrigin(user);
  const trust = isProvided(user.user_id)
    ? "from its provider"
    : "possibly written by the user, for example at sign-up";
  return `${visible(userId)}, the primary identity: ${trust}`;
}

/** The identity that the root picture is from. The user id is the primary identity's. */
function rootOrigin(user: User): { readonly userId: string; readonly connection: string } {
  return { userId: user.user_id, connection: primaryIdentity(user).connection };
}

function describeOwn(user: User, { settings, decision, now }: Login): string {
  const own = readPath(user, "user_metadata", "picture");
  if (typeof own === "string" && own.trim() === "") return "removed";
  const fault = ownFaultOf(user, settings);
  const shownOwn = describeValue(own);
  return fault === undefined
    ? shownOwn + doubtsOf("own", user, decision, now)
    : `${shownOwn} (a login ignores it: ${explainFault(fault, settings, own)})`;
}

/** Nothing where there is no copy: most users have none. */
function copyLines(user: User, { settings, decision }: Login): string[] {
  const state = copyState(user, settings);
  if (state === "none") return [];
  const [url, at] = ["url", "at"].map((name) => textAt(user, "app_metadata", "picture_copy", name));
  const off = settings.copies === "show" ? "" : "; copies are off (config key copies)";
  const shows = decision.reason === "copy" ? "a login shows it" : `a login does not show it${off}`;
  const since = at === undefined ? "" : `, ${visible(at)}`;
  return [`  copy:        ${describeValue(url)}${since} (${copyStateWords[state]}; ${shows})`];
}

/** Characters of a picture, which may have thousands: of a web URL, and of what is none. */
const shortened = { url: 300, other: 40 };

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

function gravatarDisabled(user: User): boolean {
  return readPath(user, "user_metadata", "gravatar_disabled") === true;
}

function profileJson(user: User, sync: ConnectionSync, settings: PictureSettings): object {
  const { connection, provider } = primaryIdentity(user);
  return {
    userId: user.user_id,
    root: user["picture"] ?? null,
    rootFrom: { ...rootOrigin(user), provided: isProvided(user.user_id) },
    own: readPath(user, "user_metadata", "picture") ?? null,
    copy: notedCopy(user) ?? null,
    copyState: copyState(user, settings),
    gravatarDisabled: gravatarDisabled(user),
    blocked: isBlocked(user),
    block: readPath(user, "app_metadata", "picture_block") ?? null,
    reviewed: reviewJson(user),
    connection: { name: connection, strategy: provider, sync },
    rootOverwrittenAtLogin: sync === "unknown" ? null : sync === "each-login",
    lastLogin: textAt(user, "last_login") ?? null,
    identities: identitiesOf(user).map((identity, index) => ({ ...identity, primary: index === 0 })),
  };
}

/** The hash of the URL is left out: it is that of `own`. */
function reviewJson(user: User): object | null {
  const review = reviewOf(user);
  return review === undefined ? null : { by: review.by, at: review.at };
}
