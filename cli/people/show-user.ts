import { findUser, readConnectionSync, type ConnectionSync } from "../../auth0/tenant-users.ts";
import { identitiesOf, labelOf, linkedNote, primaryIdentity, textAt, type User } from "../../auth0/user.ts";
import { terminalLines } from "../../lib/terminal-text.ts";
import { visible } from "../../lib/terminal.ts";
import { readPath } from "../../policy/login.ts";
import { isProvided } from "../../policy/root-picture.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import { readStackNamed } from "../../stack/stack-file.ts";
import type { CommandReport } from "../command.ts";
import { isBlocked } from "./block-state.ts";
import { copyState, notedCopy } from "./copy-state.ts";
import { describeFinding, findingWords, type Finding } from "./finding.ts";
import { nextLogin, shown } from "./next-login.ts";
import type { People } from "./people.ts";
import { gravatarDisabled, personFacts, type PersonFacts, type PictureFact } from "./person-facts.ts";
import { reviewOf } from "./review-state.ts";

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
  const facts = personFacts(people, user, sync);
  const { decision, faults } = facts;
  const whose = linkedNote(wanted, user);
  const elsewhere = others.map(({ stack, settings }) => ({ stack, ...nextLogin(user, settings) }));
  return {
    text: terminalLines([
      labelOf(user),
      ...(whose === undefined ? [] : [`  ${whose}`]),
      `  next login:  ${shown(decision)}`,
      ...profileLines(facts),
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

function profileLines(facts: PersonFacts): string[] {
  const { root, own, copy, review, block, connection } = facts;
  const { connection: name, provider } = connection.identity;
  return [
    `  root:        ${noted(root)}`,
    `  root from:   ${facts.rootFrom}`,
    `  own picture: ${noted(own)}`,
    ...(review === undefined ? [] : [`  reviewed:    ${review}`]),
    ...(copy === undefined ? [] : [`  copy:        ${noted(copy, copy.at)}`]),
    ...(facts.gravatarDisabled ? ["  gravatar:    switched off"] : []),
    ...(block === undefined ? [] : [`  blocked:     ${block}`]),
    `  connection:  ${name} (${provider}); ${connection.words}`,
    `  last login:  ${facts.lastLogin ?? "never"}`,
    ...facts.linked.map((linked) => `  linked:      ${linked.userId}, connection ${linked.connection}`),
  ];
}

function noted({ text, note }: PictureFact, at?: string): string {
  const since = at === undefined ? "" : `, ${visible(at)}`;
  return `${text}${since}${note === "" ? "" : ` (${note})`}`;
}

function profileJson(user: User, sync: ConnectionSync, settings: PictureSettings): object {
  const { connection, provider } = primaryIdentity(user);
  return {
    userId: user.user_id,
    root: user["picture"] ?? null,
    rootFrom: { userId: user.user_id, connection, provided: isProvided(user.user_id) },
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
