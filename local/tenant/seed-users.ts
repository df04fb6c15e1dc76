import { databaseConnection } from "./first-records.ts";
import type { ConnectionRecord } from "./state/connection-record.ts";
import { newConnection } from "./state/new-connection.ts";
import type { SeedIdentity, SeedUser } from "./state/new-user.ts";
import { seededIdentities, seededUser } from "./state/new-user.ts";
import type { Identity, UserProfile } from "./state/user-record.ts";
import type { TenantContext } from "./tenant-context.ts";

/** Users put in and looked at by a program, past the Management API's limits. */
export interface TenantUsers {
  /**
   * Adds or replaces a user of any connections, root fields exactly as given: without a `picture` there is none. A
   * connection that the tenant does not have is made, with the identity's provider as its strategy.
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
      const identities = seededIdentities(input).map((identity) => identityFor(context, identity));
      const user = seededUser(input, identities);
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

function identityFor(context: TenantContext, seed: SeedIdentity): Identity {
  const { name, strategy } = connectionFor(context, seed);
  return { ...seed, connection: name, isSocial: strategy !== "auth0" };
}

function connectionFor(context: TenantContext, { provider, connection }: SeedIdentity): ConnectionRecord {
  const name = connection ?? (provider === "auth0" ? databaseConnection : provider);
  const { connections } = context.state;
  const known = [...connections.values()].find((record) => record.name === name);
  if (known) return known;
  const made = newConnection({ name, strategy: provider });
  connections.set(made.id, made);
  return made;
}
