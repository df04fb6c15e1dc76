import type { FastifyInstance } from "fastify";
import type { ConnectionRecord } from "../state/connection-record.ts";
import { findIdentity, hasEmailAt } from "../state/identities.ts";
import type { JsonObject } from "../state/json.ts";
import { newDatabaseUser } from "../state/new-user.ts";
import type { NewUserInput } from "../state/new-user.ts";
import type { Identity, UserProfile, UserRecord } from "../state/user-record.ts";
import type { TenantContext } from "../tenant-context.ts";
import { needs } from "./authorize.ts";
import { ManagementError } from "./management-error.ts";
import type { Query } from "./paging.ts";
import { paged, queryValue } from "./paging.ts";
import { selectFields } from "./select-fields.ts";
import { changeUser } from "./user-changes.ts";
import { userQuery } from "./user-query.ts";
import { createUserSchema, updateUserSchema } from "./user-schemas.ts";

/** Auth0's user search never gives more than this many results. */
const maxResults = 1000;

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

  app.get<{ Params: { id: string }; Querystring: Query }>("/users/:id", needs("read:users"), (request) =>
    selectFields(findUser(context, request.params.id).profile, request.query),
  );

  app.patch<{ Params: { id: string }; Body: JsonObject }>(
    "/users/:id",
    { ...needs("update:users", "update:users_app_metadata"), schema: { body: updateUserSchema } },
    (request) => {
      const user = findUser(context, request.params.id);
      checkFieldScopes(request.body, request.grantedScopes);
      checkNewEmail(context, user.profile, request.body["email"]);
      changeUser(user, request.body, connectionOf(context, user.profile.identities[0]));
      return user.profile;
    },
  );

  app.delete<{ Params: { id: string } }>("/users/:id", needs("delete:users"), (request, reply) => {
    context.state.users.delete(request.params.id);
    return reply.code(204).send();
  });
}

function registerUserSearch(app: FastifyInstance, context: TenantContext): void {
  app.get<{ Querystring: Query }>("/users", needs("read:users"), (request) => {
    const { query } = request;
    const found = matchingProfiles(context, query);
    const { items, perPage, start } = paged(found, query);
    if (start + perPage > maxResults) {
      throw new ManagementError(
        400,
        `You can only page through the first ${maxResults} records.`,
        "invalid_paging",
      );
    }
    const users = items.map((profile) => selectFields(profile, query));
    if (queryValue(query, "include_totals") !== "true") return users;
    return { start, limit: perPage, length: users.length, users, total: found.length };
  });

  app.get<{ Querystring: Query }>("/users-by-email", needs("read:users"), (request) => {
    const email = queryValue(request.query, "email");
    if (email === undefined) {
      throw new ManagementError(
        400,
        "Query validation error: 'Missing required property: email'.",
        "invalid_query_string",
      );
    }
    return profiles(context)
      .filter((profile) => profile.email?.toLowerCase() === email.toLowerCase())
      .map((profile) => selectFields(profile, request.query));
  });
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

function profiles(context: TenantContext): UserProfile[] {
  return [...context.state.users.values()].map(({ profile }) => profile);
}

function matchingProfiles(context: TenantContext, query: Query): UserProfile[] {
  const q = queryValue(query, "q");
  const all = profiles(context);
  return q === undefined || q.trim() === "" ? all : all.filter(userQuery(q));
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
  return input;
}

/** Also where the id or the email is a linked identity's. */
function isTaken(context: TenantContext, { email, identities, user_id }: UserProfile): boolean {
  const connection = identities[0]?.connection;
  return profiles(context).some(
    (other) => findIdentity(other, user_id) !== undefined || hasEmailAt(other, connection, email),
  );
}

/** `update:users_app_metadata` alone permits that one field. The words were not observed. */
function checkFieldScopes(changes: JsonObject, grantedScopes: ReadonlySet<string>): void {
  if (grantedScopes.has("update:users")) return;
  if (Object.keys(changes).every((field) => field === "app_metadata")) return;
  throw new ManagementError(403, "Insufficient scope, expected any of: update:users", "insufficient_scope");
}

/** 400 for an email that another user of the connection has, in words from public reports. */
function checkNewEmail(context: TenantContext, profile: UserProfile, email: unknown): void {
  if (typeof email !== "string") return;
  const others = profiles(context).filter((other) => other.user_id !== profile.user_id);
  if (!others.some((other) => hasEmailAt(other, profile.identities[0]?.connection, email))) return;
  throw new ManagementError(400, "The specified new email already exists", "auth0_idp_error");
}
