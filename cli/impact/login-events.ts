import { readUserLine } from "../../auth0/user-line.ts";
import { isRecord } from "../../lib/json.ts";
import { readPath } from "../../policy/login.ts";
import {
  eventUser,
  isEventUser,
  loginCircumstances,
  loginStats,
  plainLogin,
  type LoginProfile,
} from "../../sandbox/login-event.ts";

/** A line of an export that was read. */
export interface ExportedUser {
  readonly userId: string;
  readonly profile: Readonly<Record<string, unknown>>;
}

/**
 * @param line Without white space around it.
 * @throws Error as `readUserLine` does.
 */
export function readExportedUser(line: string): ExportedUser {
  const profile = readUserLine(line);
  return { userId: profile.user_id, profile };
}

/** Longer names of connections are cut: Auth0 allows 128 characters. */
const longestName = 128;

/** The name of the primary identity's connection; empty where the line does not say it. */
function connectionName({ profile }: ExportedUser, connection: unknown): string {
  // `Connection` is how an export without a list of fields calls it.
  const name = connection ?? readPath(profile, "Connection");
  return typeof name === "string" ? name.slice(0, longestName) : "";
}

/** The same for all: what a run says depends on nothing but the users and the code. */
const at = new Date(0);
const client = { client_id: "", name: "pictures impact", client_metadata: {} };

/** A login's event, without the Actions' secrets, in the parts of which a process of the sandbox makes it. */
export interface UserEvent {
  /** The event. It is overwritten by the next user's. */
  readonly event: object;
  /** JSON of the event without its user and its `stats`. */
  readonly circumstances: string;
  /** `stats.logins_count`. */
  readonly logins: number;
  /** Of which a process of the sandbox makes `event.user`: the line's own, or with the identity that the line leaves out. */
  readonly profile: LoginProfile;
  /** The name of the primary identity's connection; empty where the line does not say it. */
  readonly connection: string;
}

/**
 * Makes the event of a plain login of a user, through the primary identity's connection: as the local tenant builds it, with
 * scopes openid, profile and email, and an application without settings. The Actions have no secrets.
 */
export function userEvents(): (user: ExportedUser) => UserEvent {
  const circumstancesOf = keptCircumstances();
  return (user) => {
    const { connection, provider = providerOf(user.userId) } = primaryIdentity(user.profile);
    const name = connectionName(user, connection);
    const profile = withIdentity(user.profile, name, provider);
    const { event, json } = circumstancesOf(profile, profile === user.profile ? connection : name, provider);
    const { logins_count: count } = loginStats(profile);
    const logins = Number.isSafeInteger(count) ? Number(count) : 0;
    event.stats = { logins_count: logins };
    // What no event has decides about no picture.
    event.user = isEventUser(profile) ? profile : eventUser(profile);
    return { event, circumstances: json, logins, profile, connection: name };
  };
}

/** What the line says of it, which may be of any type. */
function primaryIdentity({ identities }: ExportedUser["profile"]): {
  connection?: unknown;
  provider?: unknown;
} {
  const [first] = Array.isArray(identities) ? (identities as readonly unknown[]) : [];
  if (!isRecord(first)) return {};
  const { connection, provider } = first;
  return { connection, ...(provider === null || provider === undefined ? {} : { provider }) };
}

interface Circumstances {
  readonly event: { user?: object; stats?: object };
  readonly json: string;
}

/** How many are kept: there are as many as connections. */
const mostKept = 1000;

/** The users of one connection log in under the same circumstances, which are half of an event. */
function keptCircumstances(): (
  profile: LoginProfile,
  connection: unknown,
  provider: unknown,
) => Circumstances {
  // By what the line says, of whatever type: nothing is put together for each user.
  const kept = new Map<unknown, Map<unknown, Circumstances>>();
  let count = 0;
  return (profile, connection, provider) => {
    const found = kept.get(connection)?.get(provider);
    if (found !== undefined) return found;
    const { stats: _, ...event } = loginCircumstances(
      plainLogin(profile, { tenantId: "impact", client, at }),
    ) as Record<string, unknown>;
    const made = { event, json: JSON.stringify(event) };
    if (count >= mostKept) {
      kept.clear();
      count = 0;
    }
    count += 1;
    const ofConnection = kept.get(connection);
    if (ofConnection === undefined) kept.set(connection, new Map([[provider, made]]));
    else ofConnection.set(provider, made);
    return made;
  };
}

/** An export without the field leaves the identities out; an event always has them. */
function withIdentity(profile: ExportedUser["profile"], connection: string, provider: unknown): LoginProfile {
  return Array.isArray(profile["identities"])
    ? profile
    : { ...profile, identities: [{ connection, provider }] };
}

/** A user's id begins with the strategy of the connection. */
function providerOf(userId: string): string {
  return userId.slice(0, Math.max(userId.indexOf("|"), 0));
}
