import type { FastifyInstance } from "fastify";
import { without, type JsonObject } from "../../lib/json.ts";
import { millisecondTimestamp } from "../state/ids-and-timestamps.ts";
import { findIdentity, type Identity, type UserRecord } from "../state/user.ts";
import type { TenantContext } from "../tenant-context.ts";
import { ManagementError } from "./answer.ts";
import { needs } from "./authorize.ts";
import { connectionOf, findUser } from "./users.ts";

interface LinkInput {
  provider?: string;
  user_id?: string | number;
  connection_id?: string;
  link_with?: string;
}

const linkSchema = {
  type: "object",
  minProperties: 1,
  additionalProperties: false,
  properties: {
    provider: { type: "string", minLength: 1 },
    user_id: { anyOf: [{ type: "string", minLength: 1 }, { type: "integer" }] },
    connection_id: { type: "string", pattern: "^con_[A-Za-z0-9]{16}$" },
    link_with: { type: "string" },
  },
} as const;

/** /api/v2/users/{id}/identities. Statuses and answers are documented, the words of refusals were not observed. */
export function registerUserIdentities(app: FastifyInstance, context: TenantContext): void {
  app.post<{ Params: { id: string }; Body: LinkInput }>(
    "/users/:id/identities",
    { ...needs("update:users", "update:current_user_identities"), schema: { body: linkSchema } },
    (request, reply) => {
      const primary = findUser(context, request.params.id);
      const secondary = findSecondary(context, primary, request.body);
      link(context, primary, secondary);
      return reply.code(201).send(primary.profile.identities);
    },
  );

  app.delete<{ Params: { id: string; provider: string; userId: string } }>(
    "/users/:id/identities/:provider/:userId",
    needs("update:users", "update:current_user_identities"),
    (request) => {
      const { id, provider, userId } = request.params;
      const user = findUser(context, id);
      unlink(context, user, wholeId(provider, userId));
      return user.profile.identities;
    },
  );
}

/** Clients send an identity's id with its provider in front, or without. */
function wholeId(provider: string, userId: string | number): string {
  const text = String(userId);
  return text.startsWith(`${provider}|`) ? text : `${provider}|${text}`;
}

function findSecondary(context: TenantContext, primary: UserRecord, input: LinkInput): UserRecord {
  const { connection_id, link_with, provider, user_id } = input;
  if (link_with !== undefined) {
    throw new ManagementError(501, "The local tenant links by provider and user_id, not by link_with.");
  }
  if (provider === undefined || user_id === undefined) {
    const missing = provider === undefined ? "provider" : "user_id";
    throw invalid(`Payload validation error: 'Missing required property: ${missing}'.`);
  }
  const id = wholeId(provider, user_id);
  if (id === primary.profile.user_id) throw invalid("A user cannot be linked to itself.");
  const isLinked = [...context.state.users.values()].some(
    ({ profile }) => profile.user_id !== id && findIdentity(profile, id) !== undefined,
  );
  if (isLinked) throw new ManagementError(409, "Specified identity already exists.", "identity_conflict");
  const secondary = context.state.users.get(id);
  if (!secondary) throw invalid(`There is no user ${id} to link.`);
  const connection = connectionOf(context, secondary.profile.identities[0]);
  if (connection_id !== undefined && connection?.id !== connection_id) {
    throw invalid(`The user ${id} is not of the connection ${connection_id}.`);
  }
  return secondary;
}

/**
 * The secondary user vanishes as a user of its own: its identity goes to the end of the primary one's, and its metadata,
 * roles and permissions are lost. Identities that were linked to it move along; for those that is not documented.
 */
function link({ state }: TenantContext, primary: UserRecord, secondary: UserRecord): void {
  const [own, ...linked] = secondary.profile.identities;
  if (own === undefined) return;
  primary.profile.identities.push({ ...own, profileData: profileData(secondary) }, ...linked);
  primary.profile.updated_at = millisecondTimestamp();
  // Of two databases' passwords only the primary user's stays: a record has one.
  if (primary.passwordHash === undefined && secondary.passwordHash !== undefined) {
    primary.passwordHash = secondary.passwordHash;
  }
  state.users.delete(secondary.profile.user_id);
}

/** The root profile without what belongs to the user as such. */
function profileData({ profile }: UserRecord): JsonObject {
  const { identities: _, ...root } = profile;
  return without(
    root as JsonObject,
    "user_id",
    "user_metadata",
    "app_metadata",
    "created_at",
    "updated_at",
    "last_login",
    "last_ip",
    "logins_count",
    "blocked",
  );
}

/** The identity becomes a user of its own again, without metadata. The password goes with the last database identity. */
function unlink({ state }: TenantContext, user: UserRecord, id: string): void {
  const { profile } = user;
  const identity = findIdentity(profile, id);
  if (!identity) throw invalid(`The user has no identity ${id}.`);
  if (identity === profile.identities[0]) throw invalid("Main identity can't be unlinked.");
  profile.identities = profile.identities.filter((other) => other !== identity);
  const now = millisecondTimestamp();
  profile.updated_at = now;
  const { profileData: root, ...own } = identity;
  const freed: UserRecord = {
    profile: { ...root, user_id: id, identities: [own], created_at: now, updated_at: now },
  };
  if (isDatabase(own) && !profile.identities.some(isDatabase) && user.passwordHash !== undefined) {
    freed.passwordHash = user.passwordHash;
    delete user.passwordHash;
  }
  state.users.set(id, freed);
}

function isDatabase({ provider }: Identity): boolean {
  return provider === "auth0";
}

function invalid(message: string): ManagementError {
  return new ManagementError(400, message, "invalid_body");
}
