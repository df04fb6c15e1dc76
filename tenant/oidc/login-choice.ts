import { connectionOf } from "../management/users.ts";
import { addLog } from "../state/tenant-state.ts";
import {
  identityProfile,
  lowerCase,
  passwordMatches,
  type Identity,
  type UserRecord,
} from "../state/user.ts";
import type { TenantContext } from "../tenant-context.ts";

/** A user with the identity that they log in by. */
export interface LoginChoice {
  user: UserRecord;
  identity: Identity;
}

/** The choice of an email or user name and a password; where there is none, the tenant's log says so. */
export function choiceByPassword(
  context: TenantContext,
  { clientId, connection }: { clientId: string; connection?: string },
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
  // An unknown name stays out of the log: people type passwords into the wrong field.
  addLog(
    context.state.logs,
    someone === undefined ? { type: "fu", ...failure } : { type: "fp", ...failure, user_id: someone },
  );
  return undefined;
}

/** A user's ways to log in, by this connection or by any. */
export function choicesOf(user: UserRecord, connection: string | undefined): LoginChoice[] {
  return user.profile.identities
    .filter((identity) => connection === undefined || identity.connection === connection)
    .map((identity) => ({ user, identity }));
}
