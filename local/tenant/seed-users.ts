import { databaseConnection } from "./first-records.ts";
import type { ConnectionRecord } from "./state/connection-record.ts";
import { newConnection } from "./state/new-connection.ts";
import type { SeedUser } from "./state/new-user.ts";
import { providerOf, seededUser } from "./state/new-user.ts";
import type { UserProfile } from "./state/user-record.ts";
import type { TenantContext } from "./tenant-context.ts";

/** Users put in and looked at by a program, past the Management API's limits. */
export interface TenantUsers {
  /**
   * Adds or replaces a user of any connection, root fields exactly as given: without a `picture` there is none. A
   * connection that the tenant does not have is made, with the user id's provider as its strategy.
   */
  create: (user: SeedUser) => UserProfile;
  get: (userId: string) => UserProfile | undefined;
  list: () => UserProfile[];
  delete: (userId: string) => boolean;
}

export function createTenantUsers(context: TenantContext): TenantUsers {
  const { users } = context.state;
  return {
    create: (input) => {
      const user = seededUser(input, connectionFor(context, input));
      users.set(input.user_id, user);
      context.changed();
      return user.profile;
    },
    get: (userId) => users.get(userId)?.profile,
    list: () => [...users.values()].map(({ profile }) => profile),
    delete: (userId) => {
      context.changed();
      return users.delete(userId);
    },
  };
}

function connectionFor(context: TenantContext, input: SeedUser): ConnectionRecord {
  const strategy = providerOf(input.user_id);
  const name = input.connection ?? (strategy === "auth0" ? databaseConnection : strategy);
  const { connections } = context.state;
  const known = [...connections.values()].find((connection) => connection.name === name);
  if (known) return known;
  const connection = newConnection({ name, strategy });
  connections.set(connection.id, connection);
  return connection;
}
