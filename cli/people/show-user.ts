import { validPictureUrl } from "../../policy/picture-url.ts";
import { readPath } from "../../policy/read-path.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import type { CommandReport } from "../command-report.ts";
import { blockNote, isBlocked } from "./block-plans.ts";
import { shown } from "./describe-change.ts";
import { findUser } from "./find-user.ts";
import { nextLogin } from "./next-login.ts";
import { stackSettings, type People } from "./people.ts";
import { readConnectionSync, type ConnectionSync } from "./read-connection.ts";
import { visible } from "./visible.ts";
import { identitiesOf, labelOf, primaryIdentity, textAt, type User } from "./user.ts";

const syncWords: Readonly<Record<ConnectionSync, string>> = {
  "each-login": "its provider overwrites the root picture at each login",
  "first-login": "its provider set the root picture at the first login only",
  never: "logins leave the root picture alone",
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
    otherStacks.map(async (stack) => ({ stack, ...(await stackSettings(stack, people.env)) })),
  );
  const user = await findUser(people.users, wanted);
  const sync = await readConnectionSync(people.access, primaryIdentity(user));
  const decision = nextLogin(user, people.settings);
  const elsewhere = others.map(({ stack, settings }) => ({ stack, ...nextLogin(user, settings) }));
  return {
    text: [
      labelOf(user),
      `  next login:  ${shown(decision)}`,
      ...profileLines(user, sync, people.settings),
      ...elsewhere.map(({ stack, ...other }) => `  by ${stack}:  ${shown(other)}`),
    ].join("\n"),
    json: { stack: people.stack, ...profileJson(user, sync), ...decision, otherStacks: elsewhere },
  };
}

function profileLines(user: User, sync: ConnectionSync, settings: PictureSettings): string[] {
  const { connection, provider } = primaryIdentity(user);
  const block = blockNote(user);
  return [
    `  root:        ${visible(textAt(user, "picture") ?? "none")}`,
    `  own picture: ${describeOwn(user, settings)}`,
    ...(gravatarDisabled(user) ? ["  gravatar:    switched off"] : []),
    ...(block === undefined ? [] : [`  blocked:     ${block}`]),
    `  connection:  ${connection} (${provider}); ${syncWords[sync]}`,
    `  last login:  ${textAt(user, "last_login") ?? "never"}`,
    ...identitiesOf(user)
      .slice(1)
      .map((linked) => `  linked:      ${linked.userId}, connection ${linked.connection}`),
  ];
}

function describeOwn(user: User, settings: PictureSettings): string {
  const own = readPath(user, "user_metadata", "picture");
  if (own === undefined || own === null) return "none";
  if (typeof own !== "string") return "not a text, and ignored";
  if (own.trim() === "") return "removed";
  return validPictureUrl(own, settings) === undefined
    ? `${visible(own)} (a login ignores it: not allowed)`
    : visible(own);
}

function gravatarDisabled(user: User): boolean {
  return readPath(user, "user_metadata", "gravatar_disabled") === true;
}

function profileJson(user: User, sync: ConnectionSync): object {
  const { connection, provider } = primaryIdentity(user);
  return {
    userId: user.user_id,
    root: textAt(user, "picture") ?? null,
    own: readPath(user, "user_metadata", "picture") ?? null,
    gravatarDisabled: gravatarDisabled(user),
    blocked: isBlocked(user),
    block: readPath(user, "app_metadata", "picture_block") ?? null,
    connection: { name: connection, strategy: provider, sync },
    rootOverwrittenAtLogin: sync === "unknown" ? null : sync === "each-login",
    lastLogin: textAt(user, "last_login") ?? null,
    identities: identitiesOf(user).map((identity, index) => ({ ...identity, primary: index === 0 })),
  };
}
