import { readUserLine } from "../../auth0/user-line.ts";
import { readPath } from "../../policy/login.ts";
import {
  addedToUser,
  eventUser,
  isEventUser,
  loginCircumstances,
  plainLogin,
  type LoginProfile,
} from "../../sandbox/login-event.ts";

/** A line of an export that was read. */
export interface ExportedUser {
  readonly userId: string;
  readonly profile: Readonly<Record<string, unknown>>;
}

/** @throws Error as `readUserLine` does. */
export function readExportedUser(line: string): ExportedUser {
  const profile = readUserLine(line);
  return { userId: profile.user_id, profile };
}

/** Longer names of connections are cut: Auth0 allows 128 characters. */
const longestName = 128;

/** The name of the primary identity's connection; empty where the line does not say it. */
export function connectionName({ profile }: ExportedUser): string {
  // `Connection` is how an export without a list of fields calls it.
  const name = readPath(profile, "identities", "0", "connection") ?? readPath(profile, "Connection");
  return typeof name === "string" ? name.slice(0, longestName) : "";
}

/** The same for all: what a run says depends on nothing but the users and the code. */
const at = new Date(0);
const client = { client_id: "", name: "pictures impact", client_metadata: {} };

/** A login's event, without the Actions' secrets: as an object, and as a batch for a sandbox's process has it. */
export interface UserEvent {
  readonly event: object;
  /** JSON of the event without its user. */
  readonly circumstances: string;
  /** JSON of `event.user`; undefined where it is the line with {@link addedFields}. */
  readonly user: string | undefined;
}

/** What stands in the place of a line's last bracket where the line is the event's user. */
export const addedFields = `,${JSON.stringify(addedToUser).slice(1)}`;

/**
 * Makes the event of a plain login of a user, through the primary identity's connection: as the local tenant builds it, with
 * scopes openid, profile and email, and an application without settings. The Actions have no secrets.
 */
export function userEvents(): (user: ExportedUser) => UserEvent {
  const circumstancesOf = keptCircumstances();
  return (user) => {
    const provider = readPath(user.profile, "identities", "0", "provider") ?? providerOf(user.userId);
    const profile = withIdentity(user, provider);
    const { circumstances, json } = circumstancesOf(profile, provider);
    // The commonest line is not written again: it costs as much as reading it.
    if (profile === user.profile && isEventUser(profile)) {
      return { event: { ...circumstances, user: profile }, circumstances: json, user: undefined };
    }
    const shown = eventUser(profile);
    return { event: { ...circumstances, user: shown }, circumstances: json, user: JSON.stringify(shown) };
  };
}

interface Circumstances {
  readonly circumstances: object;
  readonly json: string;
}

/** How many are kept: there are as many as connections, and logins' counts where the file has them. */
const mostKept = 1000;

/** The users of one connection log in under the same circumstances, which are half of an event. */
function keptCircumstances(): (profile: LoginProfile, provider: unknown) => Circumstances {
  const kept = new Map<string, Circumstances>();
  return (profile, provider) => {
    const connection = readPath(profile, "identities", "0", "connection");
    const key =
      typeof connection === "string" && typeof provider === "string" && profile.logins_count === undefined
        ? `${provider.length}:${provider}${connection}`
        : JSON.stringify([connection, provider, profile.logins_count]);
    const found = kept.get(key);
    if (found !== undefined) return found;
    const circumstances = loginCircumstances(plainLogin(profile, { tenantId: "impact", client, at }));
    const made = { circumstances, json: JSON.stringify(circumstances) };
    if (kept.size >= mostKept) kept.clear();
    kept.set(key, made);
    return made;
  };
}

/** An export without the field leaves the identities out; an event always has them. */
function withIdentity(user: ExportedUser, provider: unknown): LoginProfile {
  const { profile } = user;
  if (Array.isArray(profile["identities"])) return profile;
  return { ...profile, identities: [{ connection: connectionName(user), provider }] };
}

/** A user's id begins with the strategy of the connection. */
function providerOf(userId: string): string {
  return userId.slice(0, Math.max(userId.indexOf("|"), 0));
}
