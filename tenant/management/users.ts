import type { FastifyInstance } from "fastify";
import { isJsonObject, type JsonObject } from "../../lib/json.ts";
import { syncsAtEachLogin, type ConnectionRecord } from "../state/connection.ts";
import { millisecondTimestamp } from "../state/ids-and-timestamps.ts";
import {
  changeMetadata,
  findIdentity,
  hasEmailAt,
  hashPassword,
  newDatabaseUser,
  type Identity,
  type NewUserInput,
  type UserProfile,
  type UserRecord,
} from "../state/user.ts";
import type { TenantContext } from "../tenant-context.ts";
import { ManagementError, selectFields, type Query } from "./answer.ts";
import { needs } from "./authorize.ts";
import { allOrNull } from "./body-schema.ts";
import { profiles, registerUserSearch } from "./user-search.ts";

/** /api/v2/users and /users-by-email. */
export function registerUsers(app: FastifyInstance, context: TenantContext): void {
  registerUserSearch(app, context);

  app.post<{ Body: NewUserInput }>(
    "/users",
    { ...needs("create:users"), schema: { body: createUserSchema } },
    (request, reply) => {
      const user = newDatabaseUser(checkedNewUser(context, request.body));
      if (isTaken(context, user.profile)) {
        throw new ManagementError(409, "The user already exists.", "auth0_idp_error");
      }
      context.state.users.set(user.profile.user_id, user);
      return reply.code(201).send(user.profile);
    },
  );

  app.get<{ Params: { id: string }; Querystring: Query }>(
    "/users/:id",
    needs("read:users", "read:current_user", "read:user_idp_tokens"),
    (request) => selectFields(findUser(context, request.params.id).profile, request.query),
  );

  app.patch<{ Params: { id: string }; Body: JsonObject }>(
    "/users/:id",
    {
      ...needs("update:users", "update:users_app_metadata", "update:current_user_metadata"),
      schema: { body: updateUserSchema },
    },
    (request) => {
      const user = findUser(context, request.params.id);
      if (request.faults.some(({ kind }) => kind === "kept-root-picture"))
        checkKeptPicture(user, request.body);
      checkFieldScopes(request.body, request.grantedScopes);
      checkTogether(request.body);
      checkPassword(request.body["password"]);
      checkNewEmail(context, user.profile, request.body["email"]);
      changeUser(user, request.body, connectionOf(context, user.profile.identities[0]));
      return user.profile;
    },
  );

  app.delete<{ Params: { id: string } }>(
    "/users/:id",
    needs("delete:users", "delete:current_user"),
    (request, reply) => {
      context.state.users.delete(request.params.id);
      return reply.code(204).send();
    },
  );
}

/** The user, or 404 in the words that were observed. */
export function findUser(context: TenantContext, id: string): UserRecord {
  const user = context.state.users.get(id);
  if (!user) throw new ManagementError(404, "The user does not exist.", "inexistent_user");
  return user;
}

/** The identity's connection; undefined once it was deleted. */
export function connectionOf(
  context: TenantContext,
  identity: Identity | undefined,
): ConnectionRecord | undefined {
  const connections = [...context.state.connections.values()];
  return connections.find(({ name }) => name === identity?.connection);
}

function checkedNewUser(context: TenantContext, input: NewUserInput): NewUserInput {
  const connection = [...context.state.connections.values()].find(({ name }) => name === input.connection);
  if (!connection) throw new ManagementError(400, "Connection does not exist.", "invalid_body");
  if (connection.strategy !== "auth0") {
    throw new ManagementError(
      400,
      `Users of the connection '${connection.name}' come from its provider and cannot be created here.`,
      "operation_not_supported",
    );
  }
  if (input.email === undefined && input.username === undefined) {
    throw new ManagementError(
      400,
      "Payload validation error: 'Missing required property: email'.",
      "invalid_body",
    );
  }
  if (input.password === undefined) {
    throw new ManagementError(
      400,
      "Payload validation error: 'Missing required property: password'.",
      "invalid_body",
    );
  }
  checkPassword(input.password);
  if (input.username !== undefined && !takesUsernames(connection)) {
    // That it is refused is known, the words are not.
    throw new ManagementError(
      400,
      "Cannot set username for connection without requires_username",
      "operation_not_supported",
    );
  }
  return input;
}

/** The default database takes them here without being asked to, as those of the recorded tenants did. */
function takesUsernames({ name, options }: ConnectionRecord): boolean {
  const { attributes } = options;
  if (name === "Username-Password-Authentication") return true;
  return options["requires_username"] === true || (isJsonObject(attributes) && "username" in attributes);
}

/** The refusal is documented, its words are not. */
function checkKeptPicture({ profile }: UserRecord, changes: JsonObject): void {
  if (changes["picture"] !== null || profile.identities[0]?.provider !== "auth0") return;
  const message = "The following user attributes cannot be removed: picture";
  throw new ManagementError(400, message, "operation_not_supported");
}

/** A login's data is changed one at a time. */
function checkTogether(changes: JsonObject): void {
  if (changes["email"] === undefined || changes["password"] === undefined) return;
  throw new ManagementError(400, "Cannot update password and email simultaneously", "invalid_body");
}

/** The rule of the policy `good`, which a database has by default: eight characters, of three kinds out of four. */
function checkPassword(password: unknown): void {
  if (typeof password !== "string") return;
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter((kind) => kind.test(password));
  if (password.length >= 8 && kinds.length >= 3) return;
  throw new ManagementError(400, "PasswordStrengthError: Password is too weak", "invalid_body");
}

/** Also where the id or the email is a linked identity's. */
function isTaken(context: TenantContext, { email, identities, user_id }: UserProfile): boolean {
  const connection = identities[0]?.connection;
  return profiles(context).some(
    (other) => findIdentity(other, user_id) !== undefined || hasEmailAt(other, connection, email),
  );
}

/** Each of the other two scopes permits one field alone. The words were not observed. */
function checkFieldScopes(changes: JsonObject, grantedScopes: ReadonlySet<string>): void {
  if (grantedScopes.has("update:users")) return;
  const permitted = [
    ...(grantedScopes.has("update:users_app_metadata") ? ["app_metadata"] : []),
    ...(grantedScopes.has("update:current_user_metadata") ? ["user_metadata"] : []),
  ];
  if (Object.keys(changes).every((field) => permitted.includes(field))) return;
  throw new ManagementError(403, "Insufficient scope, expected any of: update:users", "insufficient_scope");
}

/** 400 for an email that another user of the connection has, in words from public reports. */
function checkNewEmail(context: TenantContext, profile: UserProfile, email: unknown): void {
  if (typeof email !== "string") return;
  const others = profiles(context).filter((other) => other.user_id !== profile.user_id);
  if (!others.some((other) => hasEmailAt(other, profile.identities[0]?.connection, email))) return;
  throw new ManagementError(400, "The specified new email already exists", "auth0_idp_error");
}

/** Fields of both bodies. */
const rootFields = {
  email: { type: "string", format: "email", description: "The user's email." },
  email_verified: { type: "boolean" },
  phone_number: { type: "string", pattern: "^\\+[0-9]{1,15}$" },
  phone_verified: { type: "boolean" },
  username: { type: "string", minLength: 1, maxLength: 128 },
  given_name: { type: "string", minLength: 1, maxLength: 150 },
  family_name: { type: "string", minLength: 1, maxLength: 150 },
  name: { type: "string", minLength: 1, maxLength: 300 },
  nickname: { type: "string", minLength: 1, maxLength: 300 },
  blocked: { type: "boolean" },
  user_metadata: { type: "object" },
  app_metadata: { type: "object" },
  password: { type: "string", minLength: 1 },
  connection: { type: "string", minLength: 1 },
  verify_email: { type: "boolean" },
} as const;

const createUserSchema = {
  type: "object",
  required: ["connection"],
  additionalProperties: false,
  properties: {
    ...rootFields,
    user_id: { type: "string", minLength: 1, maxLength: 255, pattern: "^\\S*$" },
    picture: { type: "string", format: "uri", description: "A URI pointing to the user's picture." },
  },
} as const;

/** Root fields that a PATCH may take away with null. */
const nullable = allOrNull({
  email: rootFields.email,
  phone_number: rootFields.phone_number,
  given_name: rootFields.given_name,
  family_name: rootFields.family_name,
  name: rootFields.name,
  nickname: rootFields.nickname,
  username: rootFields.username,
});

const updateUserSchema = {
  type: "object",
  additionalProperties: false,
  properties: {
    ...rootFields,
    // null takes it away. That an empty string is refused is inferred, not observed.
    picture: {
      type: ["string", "null"],
      format: "uri",
      description: "A URI pointing to the user's picture.",
    },
    verify_password: { type: "boolean" },
    client_id: { type: "string", minLength: 1 },
    verify_phone_number: { type: "boolean" },
    ...nullable,
  },
} as const;

/** Root fields that belong to the provider while the connection syncs them at each login. */
const syncedFields = ["name", "nickname", "given_name", "family_name", "picture", "email", "username"];

/** Parameters of a PATCH that are not fields of the profile. */
const controls = new Set([
  "connection",
  "client_id",
  "verify_email",
  "verify_password",
  "password",
  "user_metadata",
  "app_metadata",
]);

/** Applies a PATCH: root fields replaced, null removes one, metadata merged at its first level. */
function changeUser(user: UserRecord, body: JsonObject, connection: ConnectionRecord | undefined): void {
  const fields = Object.entries(body).filter(([key]) => !controls.has(key));
  if (connection) checkSyncedFields(fields, connection);
  const { profile } = user;
  for (const [key, value] of fields) {
    if (value === null) Reflect.deleteProperty(profile, key);
    else profile[key] = value;
  }
  if (typeof body["password"] === "string") user.passwordHash = hashPassword(body["password"]);
  if (isJsonObject(body["user_metadata"])) changeMetadata(profile, "user_metadata", body["user_metadata"]);
  if (isJsonObject(body["app_metadata"])) changeMetadata(profile, "app_metadata", body["app_metadata"]);
  profile.updated_at = millisecondTimestamp();
}

function checkSyncedFields(fields: [string, unknown][], connection: ConnectionRecord): void {
  const refused = fields.map(([key]) => key).filter((key) => syncedFields.includes(key));
  if (refused.length === 0 || !syncsAtEachLogin(connection)) return;
  throw new ManagementError(
    400,
    `The following user attributes cannot be updated: ${refused.join(", ")}. The connection (${connection.name}) ` +
      "should either be a database connection (using the Auth0 store), a passwordless connection (email or sms) or " +
      "has disabled 'Sync user profile attributes at each login'.",
    "operation_not_supported",
  );
}
