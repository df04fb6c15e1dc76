import type { FastifyInstance } from "fastify";
import { isJsonObject, type JsonObject } from "../lib/json.ts";
import { addLog } from "./state/tenant-state.ts";
import { hasEmailAt, newDatabaseUser } from "./state/user.ts";
import type { TenantContext } from "./tenant-context.ts";

const required = ["client_id", "connection", "email", "password"] as const;

type RequiredFields = Record<(typeof required)[number], string>;

/** Root attributes that anybody may write about themselves by signing up, `picture` included. */
const openFields = ["username", "given_name", "family_name", "name", "nickname", "picture"] as const;

/**
 * POST /dbconnections/signup, the public sign-up of a database connection. The answer and its errors are as Auth0's
 * Authentication API documents them, not as observed.
 */
export function registerSignup(app: FastifyInstance, context: TenantContext): void {
  app.post("/dbconnections/signup", (request, reply) => {
    const body = isJsonObject(request.body) ? request.body : {};
    const missing = required.find((name) => typeof body[name] !== "string" || body[name] === "");
    if (missing !== undefined) return reply.code(400).send({ error: `${missing} is required` });
    // All of them were just found to be strings.
    const fields = body as JsonObject & RequiredFields;
    if (!isOpen(context, fields) || isTaken(context, fields)) return reply.code(400).send(refusal);
    return signUp(context, fields);
  });
}

function signUp(context: TenantContext, fields: JsonObject & RequiredFields): object {
  const { client_id, connection, email, password, user_metadata } = fields;
  const metadata = isJsonObject(user_metadata) ? { user_metadata } : {};
  const root = { ...openAttributes(fields), ...metadata };
  const { profile, ...record } = newDatabaseUser({ connection, email, password, ...root });
  context.state.users.set(profile.user_id, { profile, ...record });
  const { user_id } = profile;
  addLog(context.state.logs, { type: "ss", description: "Sign-up", client_id, user_id });
  return { _id: profile.identities[0]?.user_id, email, email_verified: false, ...root };
}

function openAttributes(body: JsonObject): Record<string, string> {
  const given = openFields.flatMap((name): [string, string][] => {
    const value = body[name];
    return typeof value === "string" ? [[name, value]] : [];
  });
  return Object.fromEntries(given);
}

/** Whether the application is known and the connection a database. */
function isOpen(context: TenantContext, { client_id, connection }: RequiredFields): boolean {
  const { clients, connections } = context.state;
  const databases = [...connections.values()].filter(({ strategy }) => strategy === "auth0");
  return clients.has(client_id) && databases.some(({ name }) => name === connection);
}

function isTaken(context: TenantContext, { connection, email }: RequiredFields): boolean {
  return [...context.state.users.values()].some(({ profile }) => hasEmailAt(profile, connection, email));
}

/** The same for an email that is taken and for everything else: it does not reveal who has an account. */
const refusal = {
  name: "BadRequestError",
  code: "invalid_signup",
  description: "Invalid sign up",
  statusCode: 400,
};
