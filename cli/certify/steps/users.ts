import { randomBytes } from "node:crypto";
import { recordOf, textIn, valueIn, type JsonRecord } from "../../../lib/json.ts";
import { noteMade, step, success, type CertifyContext, type Step } from "../context.ts";
import type { UserSlot } from "../own-names.ts";
import type { Answer } from "../tenant-calls.ts";

/** For a database of the run's own and users in it. */
export const userScopes = [
  "create:connections",
  "read:connections",
  "delete:connections",
  "create:users",
  "read:users",
  "update:users",
  "delete:users",
];

export interface OwnDatabase {
  readonly id: string;
  readonly created: Answer;
}

/** The database of the users who log in. */
export const ownDatabase = step("database", (context) => createDatabase(context, context.names.database));

/** The database of the users who are imported and exported. */
export const importDatabase = step("database for imports", (context) =>
  createDatabase(context, context.names.importDatabase),
);

/** No application may use it, and nobody may sign up for it. */
async function createDatabase(context: CertifyContext, name: string): Promise<OwnDatabase> {
  const body = {
    name,
    strategy: "auth0",
    options: { disable_signup: true, brute_force_protection: true },
  };
  const { api } = context.calls;
  const created = success(await api("POST", "/connections", { body }), "creating a database connection");
  noteMade(context, "connection", name, valueIn(created.body, "id"));
  return { id: textIn(recordOf(created.body), "id"), created };
}

/** A root picture that nobody serves, and another one than an Action sets. */
export const rootPicture = "https://example.invalid/auth0-user-pictures-certify-root.png";

/** Of a name of two words; the placeholder's initials come from it. */
export const ownName = "Certify User";

export const firstMetadata = {
  user_metadata: { nested: { a: 1, b: 2 }, kept: "yes", removed: "soon" },
  app_metadata: { certify: true },
};

/** The user who logs in. */
export const firstUser = step("user", (context) =>
  create(context, "first", { name: ownName, ...firstMetadata }),
);

/** The user who is linked to the first one. */
export const secondUser = step("second user", (context) =>
  create(context, "second", { user_metadata: { second: true } }),
);

/** The user whom the import updates. */
export const updatedUser = step("third user", (context) =>
  create(context, "updated", { user_metadata: { old: true }, app_metadata: { certify: "stays" } }),
);

/** The user of the same database who is in no import. */
export const bystander = step("fourth user", (context) => create(context, "bystander", {}));

/** @returns The answer. No mail is sent: the address counts as verified, and no user is asked to verify one. */
async function create(context: CertifyContext, slot: UserSlot, fields: object): Promise<Answer> {
  const { calls, names } = context;
  const logsIn = slot === "first" || slot === "second";
  await (logsIn ? ownDatabase : importDatabase)(context);
  const body = {
    connection: logsIn ? names.database : names.importDatabase,
    user_id: names.localUserId(slot),
    email: names.email(slot),
    email_verified: true,
    verify_email: false,
    password: await password(context),
    ...fields,
  };
  return success(await calls.api("POST", "/users", { body }), "creating a user");
}

/** One for all of them, long and of all kinds of characters; made up for each run and kept nowhere. */
export const password: Step<string> = step("password", (context) => {
  const made = `Aa1!${randomBytes(18).toString("base64url")}`;
  context.secrets.add(made);
  return Promise.resolve(made);
});

/** The user as the tenant has it now. */
export async function readUser({ calls, names }: CertifyContext, slot: UserSlot): Promise<JsonRecord> {
  const { body } = success(
    await calls.api("GET", `/users/${encodeURIComponent(names.userId(slot))}`),
    "reading a user",
  );
  return recordOf(body);
}

/** Changes a user who is there, and has to be allowed to. */
export async function patchUser(
  { calls, names }: CertifyContext,
  slot: UserSlot,
  body: object,
  doing: string,
): Promise<Answer> {
  return success(
    await calls.api("PATCH", `/users/${encodeURIComponent(names.userId(slot))}`, { body }),
    doing,
  );
}
