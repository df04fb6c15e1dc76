import type { JsonObject, JsonValue } from "./json.ts";
import type { PermissionReference } from "./role-record.ts";

/** A way in which a user logs in: the first one of a user is the primary one, the others are linked to it. */
export interface Identity {
  /** Without the provider. */
  user_id: string;
  connection: string;
  provider: string;
  isSocial: boolean;
  /** Of a linked one: the root profile that it had as a user of its own. */
  profileData?: JsonObject;
}

/**
 * A user as GET gives it, root fields as they are: a field that is absent here is absent in answers too. An Action's event
 * has both kinds of metadata all the same. Passwords are kept beside it.
 */
export interface UserProfile {
  user_id: string;
  identities: Identity[];
  created_at: string;
  updated_at: string;
  email?: string;
  email_verified?: boolean;
  name?: string;
  nickname?: string;
  username?: string;
  picture?: string;
  given_name?: string;
  family_name?: string;
  blocked?: boolean;
  last_login?: string;
  last_ip?: string;
  logins_count?: number;
  user_metadata?: JsonObject;
  app_metadata?: JsonObject;
  [field: string]: JsonValue | Identity[] | undefined;
}

export interface UserRecord {
  profile: UserProfile;
  /** For whichever identity is a database's; absent where none is. */
  passwordHash?: string;
  /** Ids, in the order of assignment. */
  roles?: string[];
  /** Those that the user has without a role. */
  permissions?: PermissionReference[];
}
