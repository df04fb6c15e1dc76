import { readUserLine } from "../../auth0/user-line.ts";
import type { User } from "../../auth0/user.ts";
import { exportedLogins } from "../../sandbox/exported-login.ts";
import { eventUser, isEventUser } from "../../sandbox/login-event.ts";
import type { ComparisonSetup } from "./comparison.ts";
import { expectations, type Expectation } from "./expectations.ts";

/** A user of an export, and what is expected of both flows. */
export interface ReadUser {
  readonly userId: string;
  readonly profile: Readonly<Record<string, unknown>>;
  /** The name of the primary identity's connection; empty where the line does not say it. */
  readonly connection: string;
  readonly old: Expectation;
  readonly new: Expectation;
}

/**
 * Reads a line, without white space around it. What is wrong with one that is no user is returned as `readUserLine` throws it.
 */
export function createUserReader(setup: ComparisonSetup): (line: string) => ReadUser | Error {
  // Overwritten by the next user's.
  const loginOf = exportedLogins((circumstances): { user?: object; stats?: object } => circumstances);
  const expected = expectations(setup.old.settings, setup.new.settings);
  return (line) => {
    let user: User;
    try {
      user = readUserLine(line);
    } catch (error) {
      return error as Error;
    }
    const { profile, connection, logins, made: event } = loginOf(user);
    event.stats = { logins_count: logins };
    // What no event has decides about no picture.
    event.user = isEventUser(profile) ? profile : eventUser(profile);
    const { old, new: after } = expected(event);
    return { userId: user.user_id, profile: user, connection, old, new: after };
  };
}
