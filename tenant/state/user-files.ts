import { Readable } from "node:stream";
import { constants, createGzip } from "node:zlib";
import { isJsonObject, without, type JsonObject } from "../../lib/json.ts";
import type { ConnectionRecord } from "./connection.ts";
import { millisecondTimestamp } from "./ids-and-timestamps.ts";
import type { ExportField, ExportJobRecord, ImportJobRecord, JobError, TenantState } from "./tenant-state.ts";
import { identityProfile, newDatabaseUser, type UserProfile, type UserRecord } from "./user.ts";

/** What an export without `fields` holds; Auth0's own set is documented for CSV only, and much like this. */
const defaultFields: ExportField[] = [
  { name: "user_id" },
  { name: "email" },
  { name: "email_verified" },
  { name: "name" },
  { name: "nickname" },
  { name: "username" },
  { name: "given_name" },
  { name: "family_name" },
  { name: "picture" },
  { name: "created_at" },
  { name: "updated_at" },
  { name: "identities[0].connection", export_as: "Connection" },
];

/** How many users are written at once: between two such parts the tenant answers others. */
const partSize = 500;

/**
 * The file of an export, packed by gzip: a JSON object for each user on a line of its own, or CSV with a line of names. Only
 * the packed file is in memory as a whole. A user who changes meanwhile is in it in one state or the other.
 */
export async function packedExport(state: TenantState, job: ExportJobRecord): Promise<Buffer> {
  const packed: Buffer[] = [];
  const gzip = createGzip({ level: constants.Z_BEST_SPEED });
  Readable.from(exportedParts(state, job)).pipe(gzip);
  for await (const bytes of gzip as AsyncIterable<Buffer>) packed.push(bytes);
  return Buffer.concat(packed);
}

function* exportedParts(state: TenantState, job: ExportJobRecord): Generator<string> {
  const fields = job.fields ?? defaultFields;
  let part = job.format === "csv" ? `${csvLine(fields.map(titleOf))}\n` : "";
  let count = 0;
  for (const profile of exportedProfiles(state, job)) {
    const row = fields.map((field) => [titleOf(field), valueAt(profile, field.name)] as const);
    const line =
      job.format === "csv" ? csvLine(row.map(([, value]) => value)) : JSON.stringify(Object.fromEntries(row));
    part += `${line}\n`;
    count += 1;
    if (count % partSize !== 0) continue;
    yield part;
    part = "";
  }
  if (part !== "") yield part;
}

function* exportedProfiles(state: TenantState, job: ExportJobRecord): Generator<UserProfile> {
  const connection = job.connection_id === undefined ? undefined : state.connections.get(job.connection_id);
  let left = job.limit ?? Infinity;
  for (const { profile } of state.users.values()) {
    if (job.connection_id !== undefined && !isOf(profile, connection?.name)) continue;
    if (left <= 0) return;
    left -= 1;
    yield profile;
  }
}

/** Whether any of the user's identities is of the connection; what a real export does with linked ones is not documented. */
function isOf({ identities }: UserProfile, connection: string | undefined): boolean {
  return connection !== undefined && identities.some((identity) => identity.connection === connection);
}

function titleOf({ name, export_as }: ExportField): string {
  return export_as ?? name;
}

/** `user_metadata.picture` and `identities[0].connection`: what there is on that way. */
function valueAt(profile: UserProfile, path: string): unknown {
  let value: unknown = profile;
  for (const key of path.split(/[.[\]]+/).filter((part) => part !== "")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

function csvLine(values: unknown[]): string {
  const texts = values.map((value) => {
    const text = typeof value === "string" ? value : (JSON.stringify(value) as string | undefined);
    return text === undefined ? "" : `"${text.replaceAll('"', '""')}"`;
  });
  return texts.join(",");
}

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
 * replaces the metadata that the file has as a whole, leaves what it does not have, and makes an email unverified that the file
 * does not call verified.
 * https://community.auth0.com/t/how-to-use-bulk-import-job-with-upsert-enabled/140108
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
  const user = newDatabaseUser({ ...without(row, ...secretFields), connection }, "secure.gravatar.com");
  state.users.set(user.profile.user_id, user);
  return user;
}
