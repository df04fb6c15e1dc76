import { keptMethod } from "./kept-method.ts";
import { loginCircumstances, plainLogin, type LoginProfile } from "./login-event.ts";

/** Kept before code of Actions may replace them: this runs beside it, too. */
const { isArray } = Array;
const slice = keptMethod(String.prototype, "slice") as (text: string, start: number, end: number) => string;
const indexOf = keptMethod(String.prototype, "indexOf") as (text: string, found: string) => number;

/** The plain login of a user of an export, through the primary identity's connection. */
export interface ExportedLogin<Made> {
  /** The user: as the line says, or with the identity that it leaves out. */
  readonly profile: LoginProfile;
  /** The name of the connection; empty where the line does not say it. */
  readonly connection: string;
  /** `stats.logins_count`. */
  readonly logins: number;
  /** What was made of the circumstances, which are the same for all users of the connection. */
  readonly made: Made;
}

/** The same for all: what a run says depends on nothing but the users and the code. */
const at = new Date(0);
const client = { client_id: "", name: "pictures impact", client_metadata: {} };

/** How many are kept: there are as many as connections. */
const mostKept = 1000;

/** Longer names of connections are cut: Auth0 allows 128 characters. */
const longestName = 128;

/**
 * Makes the logins of exported users: as the local tenant builds them, with scopes openid, profile and email, and an application
 * without settings.
 *
 * @param make Called once for each connection, with the event as it is without its user, `stats` and `secrets`.
 */
export function exportedLogins<Made>(
  make: (circumstances: object) => Made,
): (user: LoginProfile) => ExportedLogin<Made> {
  // By what the line says, of whatever type: nothing is put together for each user.
  const kept = new Map<unknown, Map<unknown, Made>>();
  let count = 0;
  const madeFor = (profile: LoginProfile, connection: unknown, provider: unknown): Made => {
    const found = kept.get(connection)?.get(provider);
    if (found !== undefined) return found;
    const { stats: _, ...circumstances } = loginCircumstances(
      plainLogin(profile, { tenantId: "impact", client, at }),
    ) as Record<string, unknown>;
    const made = make(circumstances);
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
  return (user) => {
    const { identities } = user;
    const isWhole = isArray(identities);
    const identity = isWhole ? identityOf(identities[0]) : {};
    const provider = identity.provider ?? providerOf(user.user_id);
    const name = connectionName(user, identity.connection);
    // An export without the field leaves the identities out; an event always has them.
    const profile = isWhole ? user : { ...user, identities: [{ connection: name, provider }] };
    const made = madeFor(profile, isWhole ? identity.connection : name, provider);
    return { profile, connection: name, logins: loginsOf(user), made };
  };
}

/** What the line says of it, which may be of any type. */
function identityOf(first: unknown): { readonly connection?: unknown; readonly provider?: unknown } {
  return typeof first === "object" && first !== null && !isArray(first) ? first : {};
}

function connectionName(user: LoginProfile, connection: unknown): string {
  // `Connection` is how an export without a list of fields calls it.
  const name = connection ?? user["Connection"];
  return typeof name === "string" ? slice(name, 0, longestName) : "";
}

/** A user's id begins with the strategy of the connection. */
function providerOf(userId: unknown): string {
  if (typeof userId !== "string") return "";
  const bar = indexOf(userId, "|");
  return bar > 0 ? slice(userId, 0, bar) : "";
}

function loginsOf({ logins_count: count }: LoginProfile): number {
  return Number.isSafeInteger(count) ? (count as number) : 0;
}
