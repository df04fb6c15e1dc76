import type { ConnectionRecord } from "./connection-record.ts";
import type { ImportJobRecord, JobError } from "./job-record.ts";
import { identityProfile } from "./identities.ts";
import type { JsonObject } from "./json.ts";
import { isJsonObject, without } from "./json.ts";
import { newDatabaseUser } from "./new-user.ts";
import type { TenantState } from "./tenant-state.ts";
import { millisecondTimestamp } from "./timestamps.ts";
import type { UserRecord } from "./user-record.ts";

type FieldType = "string" | "boolean" | "object" | "array";

/** Auth0's documented schema of an imported user, flattened to types. */
const fieldTypes: ReadonlyMap<string, FieldType> = new Map<string, FieldType>([
  ["email", "string"],
  ["email_verified", "boolean"],
  ["user_id", "string"],
  ["username", "string"],
  ["given_name", "string"],
  ["family_name", "string"],
  ["name", "string"],
  ["nickname", "string"],
  ["picture", "string"],
  ["blocked", "boolean"],
  ["password_hash", "string"],
  ["custom_password_hash", "object"],
  ["mfa_factors", "array"],
  ["app_metadata", "object"],
  ["user_metadata", "object"],
]);

/** What stays out of errors and profiles. */
const secretFields = ["password_hash", "custom_password_hash", "mfa_factors"];

/**
 * Does an import's work: inserts users, with `upsert` also updates them, and collects who was refused and why. An update
 * replaces both kinds of metadata whole, and makes an email unverified that the file does not call verified.
 */
export function importUsers(state: TenantState, job: ImportJobRecord, connection: ConnectionRecord): void {
  const summary = { failed: 0, updated: 0, inserted: 0, total: job.users.length };
  const known = usersOf(state, connection.name);
  for (const row of job.users) {
    const existing = findExisting(known, row);
    const errors = rowErrors(row, existing, job.upsert);
    if (errors.length > 0) {
      job.failures.push({ user: without(row, ...secretFields), errors });
      summary.failed += 1;
    } else if (existing) {
      updateUser(existing.user, row);
      summary.updated += 1;
    } else {
      keepUser(known, insertUser(state, row, connection.name), connection.name);
      summary.inserted += 1;
    }
  }
  job.users = [];
  job.summary = summary;
}

interface KnownUser {
  readonly user: UserRecord;
  /** Whether the connection's identity is linked to a primary one of another. */
  readonly isLinked: boolean;
}

/** The users of one connection, by what an import finds them by. */
interface KnownUsers {
  readonly byId: Map<string, KnownUser>;
  /** By email and user name, in lower case. */
  readonly byName: Map<string, KnownUser>;
}

/** Made once for a job: one look through all users for each row would take hours for many of both. */
function usersOf(state: TenantState, connection: string): KnownUsers {
  const known: KnownUsers = { byId: new Map(), byName: new Map() };
  for (const user of state.users.values()) keepUser(known, user, connection);
  return known;
}

function keepUser({ byId, byName }: KnownUsers, user: UserRecord, connection: string): void {
  for (const [index, identity] of user.profile.identities.entries()) {
    if (identity.connection !== connection) continue;
    const found = { user, isLinked: index > 0 };
    const { email, username } = identityProfile(user.profile, identity);
    byId.set(identity.user_id, found);
    if (typeof email === "string") byName.set(`email ${email.toLowerCase()}`, found);
    if (typeof username === "string") byName.set(`username ${username.toLowerCase()}`, found);
  }
}

/** Who has the row's id, without the provider's prefix, or else its email or username. */
function findExisting({ byId, byName }: KnownUsers, row: JsonObject): KnownUser | undefined {
  const named = (field: "email" | "username") => {
    const value = row[field];
    return typeof value === "string" ? byName.get(`${field} ${value.toLowerCase()}`) : undefined;
  };
  const { user_id: id } = row;
  return (typeof id === "string" ? byId.get(id) : undefined) ?? named("email") ?? named("username");
}

/** A linked identity is never updated: what a real import does to one is not documented. */
function rowErrors(row: JsonObject, existing: KnownUser | undefined, upsert: boolean): JobError[] {
  const wrong = Object.entries(row).flatMap(([path, value]): JobError[] => {
    const type = fieldTypes.get(path);
    if (type === undefined) {
      return [
        {
          code: "OBJECT_ADDITIONAL_PROPERTIES",
          message: `Additional properties not allowed: ${path}`,
          path: "",
        },
      ];
    }
    if (hasType(value, type)) return [];
    return [{ code: "INVALID_TYPE", message: `Expected type ${type}`, path }];
  });
  if (row["email"] === undefined && row["username"] === undefined) {
    const message = "Missing required property: email";
    wrong.push({ code: "OBJECT_MISSING_REQUIRED_PROPERTY", message, path: "" });
  }
  if (typeof row["email"] === "string" && !/^[^@\s]+@[^@\s]+$/.test(row["email"])) {
    wrong.push({
      code: "INVALID_FORMAT",
      message: "Object didn't pass validation for format email",
      path: "email",
    });
  }
  if (wrong.length === 0 && existing && (!upsert || existing.isLinked)) {
    return [
      { code: "DUPLICATED_USER", message: "A user with the same id, email or username exists already." },
    ];
  }
  return wrong;
}

function hasType(value: unknown, type: FieldType): boolean {
  if (type === "object") return isJsonObject(value);
  return type === "array" ? Array.isArray(value) : typeof value === type;
}

function updateUser({ profile }: UserRecord, row: JsonObject): void {
  Object.assign(profile, without(row, "user_id", ...secretFields));
  profile.email_verified = row["email_verified"] === true;
  profile.updated_at = millisecondTimestamp();
}

function insertUser(state: TenantState, row: JsonObject, connection: string): UserRecord {
  const user = newDatabaseUser({ ...without(row, ...secretFields), connection });
  state.users.set(user.profile.user_id, user);
  return user;
}
