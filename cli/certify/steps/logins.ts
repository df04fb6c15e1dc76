import { tokenClaims } from "../../../auth0/management-token.ts";
import { recordsOf, valueIn } from "../../../lib/json.ts";
import { CallFailed, step, success, type CertifyContext } from "../context.ts";
import { isOwnEntry, mostBound, readFlow, writeFlow } from "../login-flow.ts";
import type { UserSlot } from "../own-names.ts";
import type { Answer } from "../tenant-calls.ts";
import { waitFor } from "../wait-for.ts";
import { actionScopes, deployedAction, ownPicture } from "./actions.ts";
import { clientScopes, createClient } from "./clients.ts";
import {
  firstUser,
  ownDatabase,
  password,
  patchUser,
  readUser,
  rootPicture,
  secondUser,
  userScopes,
} from "./users.ts";

export const linkScopes = userScopes;
export const loginScopes = [...actionScopes, ...clientScopes, ...userScopes, "update:connections"];

/** The second user as an identity of the first one; both as they were before, and the answer. */
export const linkedUser = step("link", async (context) => {
  const { calls, names } = context;
  await firstUser(context);
  await secondUser(context);
  // A test before may have taken it away; what is to be seen is that the second one's does not replace it.
  await patchUser(context, "first", { picture: rootPicture }, "replacing a root picture");
  const before = { first: await readUser(context, "first"), second: await readUser(context, "second") };
  const path = `/users/${encodeURIComponent(names.userId("first"))}/identities`;
  const body = { provider: "auth0", user_id: names.localUserId("second") };
  const linked = success(await calls.api("POST", path, { body }), "linking two users");
  return { before, linked };
});

/** The run's Action as the last of the Login flow; the flow before and after. */
export const boundAction = step("binding", async (context) => {
  const { calls, names } = context;
  const { id } = await deployedAction(context);
  const before = await readFlow(calls);
  refuseToBind(before);
  await writeFlow(calls, [
    ...before,
    { actionId: id, actionName: names.action, displayName: names.action, hasSecrets: false },
  ]);
  const after = await waitFor(
    () => readFlow(calls),
    (flow) => flow.some(isOwnEntry),
    { withinMs: 5000 },
  );
  return { id, before, after };
});

/** In the words by which a tenant says that its plan lacks something: nothing is wrong with what we know. */
function refuseToBind(flow: Awaited<ReturnType<typeof readFlow>>): void {
  const refuse = (message: string) => {
    throw new CallFailed("binding an Action", { status: 402, body: { message } });
  };
  if (flow.length >= mostBound)
    refuse(`the Login flow has ${flow.length} Actions already, the most that there can be`);
  if (flow.some(({ hasSecrets }) => hasSecrets))
    refuse("other bindings hold secrets, which a write would lose");
}

export interface Login {
  readonly answer: Answer;
  /** Of the ID token. */
  readonly claims: Readonly<Record<string, unknown>>;
}

const realmGrant = "http://auth0.com/oauth/grant-type/password-realm";

/** An application that logs the run's users in by their password, and no one else. */
const loginClient = step("application", async (context) => {
  const { calls, names } = context;
  const client = await createClient(context, {
    name: names.loginClient,
    app_type: "regular_web",
    is_first_party: true,
    oidc_conformant: true,
    grant_types: [realmGrant, "refresh_token"],
    token_endpoint_auth_method: "client_secret_post",
    jwt_configuration: { alg: "RS256" },
  });
  const { id } = await ownDatabase(context);
  success(
    await calls.api("PATCH", `/connections/${id}/clients`, {
      body: [{ client_id: client.id, status: true }],
    }),
    "enabling an application for a connection",
  );
  return client;
});

/** A login of the first user while the Action is bound; a binding takes a moment to have its effect. */
export const firstLogin = step("login", async (context) => {
  await firstUser(context);
  await boundAction(context);
  return waitFor(
    () => logIn(context, "first"),
    ({ claims }) => claims["picture"] === ownPicture,
    { withinMs: context.settleMs },
  );
});

export async function logIn(context: CertifyContext, slot: UserSlot): Promise<Login> {
  const client = await loginClient(context);
  const answer = await context.calls.token({
    grant_type: realmGrant,
    client_id: client.id,
    client_secret: client.secret,
    realm: context.names.database,
    username: context.names.email(slot),
    password: await password(context),
    scope: "openid profile email offline_access",
  });
  return loginOf(context, answer, "logging a user in");
}

/** Exchanges the login's refresh token. */
export const refreshedLogin = step("refresh", async (context) => {
  const { answer } = await firstLogin(context);
  const client = await loginClient(context);
  const refreshed = await context.calls.token({
    grant_type: "refresh_token",
    client_id: client.id,
    client_secret: client.secret,
    refresh_token: String(valueIn(answer.body, "refresh_token")),
  });
  return loginOf(context, refreshed, "refreshing a login");
});

async function loginOf({ secrets }: CertifyContext, answer: Answer, doing: string): Promise<Login> {
  for (const name of ["access_token", "refresh_token", "id_token"]) {
    const token = valueIn(answer.body, name);
    if (typeof token === "string") secrets.add(token);
  }
  success(answer, doing);
  return { answer, claims: await tokenClaims(String(valueIn(answer.body, "id_token"))) };
}

/** The identities in a user or in the answer to a link, by provider and id. */
export function identitiesIn(value: unknown): string[] {
  return recordsOf(value).map(({ provider, user_id: id }) => `${String(provider)}|${String(id)}`);
}
