import { connectionOf } from "../management/users.ts";
import { identityId, identityProfile, lowerCase } from "../state/identities.ts";
import { addLog } from "../state/log-record.ts";
import { passwordMatches } from "../state/password.ts";
import type { Identity, UserRecord } from "../state/user-record.ts";
import type { TenantContext } from "../tenant-context.ts";

/** A user with the identity that they log in by. */
export interface LoginChoice {
  user: UserRecord;
  identity: Identity;
}

/** What the application asked for when it sent the user here. */
export interface AskedLogin {
  state: string;
  clientId: string;
  /** An email, or the id of any identity. */
  loginHint?: string;
  /** The name of the only connection that a login may be by. */
  connection?: string;
}

/** Every way to log in, a user's identities one after the other, the hinted ones first. */
export function loginChoices({ state }: TenantContext, { connection, loginHint }: AskedLogin): LoginChoice[] {
  const choices = [...state.users.values()].flatMap((user) => choicesOf(user, connection));
  if (loginHint === undefined) return choices;
  const ranked = choices.map((choice) => ({ choice, rank: hintRank(choice, loginHint) }));
  return ranked.sort((a, b) => a.rank - b.rank).map(({ choice }) => choice);
}

/** Where a hint puts a choice: 0 for the identity that is hinted, 1 for another one of that user, 2 for all others. */
export function hintRank({ user: { profile }, identity }: LoginChoice, hint: string): 0 | 1 | 2 {
  const isOf = (one: Identity) => identityId(one) === hint || identityProfile(profile, one).email === hint;
  if (isOf(identity)) return 0;
  return profile.identities.some(isOf) ? 1 : 2;
}

/**
 * The choice of a shortcut button.
 *
 * @param identity Left out: the user's first identity of those that the login may be by.
 */
export function choiceById(
  { state }: TenantContext,
  { connection }: AskedLogin,
  userId: string,
  identity: string | undefined,
): LoginChoice | undefined {
  const user = state.users.get(userId);
  if (!user) return undefined;
  return choicesOf(user, connection).find(
    (choice) => identity === undefined || identityId(choice.identity) === identity,
  );
}

/** The choice of an email or user name and a password; where there is none, the tenant's log says so. */
export function choiceByPassword(
  context: TenantContext,
  { clientId, connection }: AskedLogin,
  username: string,
  password: string,
): LoginChoice | undefined {
  const wanted = username.trim().toLowerCase();
  const named = [...context.state.users.values()]
    .flatMap((user) => choicesOf(user, connection))
    .filter(({ user, identity }) => {
      const { email, username: name } = identityProfile(user.profile, identity);
      const isNamed = [lowerCase(email), lowerCase(name)].includes(wanted);
      return isNamed && connectionOf(context, identity)?.strategy === "auth0";
    });
  const choice = named.find(({ user }) => passwordMatches(password, user.passwordHash));
  if (choice) return choice;
  const failure = { description: "Wrong email or password.", client_id: clientId };
  const someone = named[0]?.user.profile.user_id;
  // A name that nobody has stays out of the log: people type passwords into the wrong field.
  addLog(
    context.state.logs,
    someone === undefined ? { type: "fu", ...failure } : { type: "fp", ...failure, user_id: someone },
  );
  return undefined;
}

function choicesOf(user: UserRecord, connection: string | undefined): LoginChoice[] {
  return user.profile.identities
    .filter((identity) => connection === undefined || identity.connection === connection)
    .map((identity) => ({ user, identity }));
}
