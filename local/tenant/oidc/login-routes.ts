import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { InteractionResults, Provider } from "oidc-provider";
import { connectionOf } from "../management/users.ts";
import { addLog } from "../state/log-record.ts";
import { passwordMatches } from "../state/password.ts";
import type { UserProfile, UserRecord } from "../state/user-record.ts";
import type { TenantContext } from "../tenant-context.ts";
import { htmlPage } from "./html.ts";
import type { LoginPage } from "./login-page.ts";
import { loginPage, shortcutField } from "./login-page.ts";

type LoginRequest = FastifyRequest<{
  Querystring: { state?: string };
  Body: Record<string, string | undefined> | null;
}>;

/** What the application asked for when it sent the user here. */
interface AskedLogin {
  state: string;
  clientId: string;
  loginHint?: string;
  connection?: string;
}

/** GET and POST /u/login: the page, and what is sent from it. */
export function registerLogin(app: FastifyInstance, context: TenantContext, provider: () => Provider): void {
  app.get("/u/login", async (request: LoginRequest, reply) => {
    const asked = await askedLogin(provider(), request, reply);
    return asked ? sendPage(reply, 200, pageFor(context, asked)) : sendExpired(reply);
  });

  app.post("/u/login", async (request: LoginRequest, reply) => {
    const asked = await askedLogin(provider(), request, reply);
    if (!asked) return sendExpired(reply);
    const fields = request.body ?? {};
    const user =
      fields[shortcutField] === undefined
        ? userByPassword(context, fields, asked.clientId)
        : userById(context, fields);
    if (!user) {
      const error = "Wrong email or password.";
      return sendPage(reply, 400, { ...pageFor(context, asked, fields["username"]), error });
    }
    reply.hijack();
    await provider().interactionFinished(request.raw, reply.raw, loginResult(user.profile));
    return reply;
  });
}

/** Undefined where the browser has no login under way or a later one has taken its place. */
async function askedLogin(
  provider: Provider,
  request: LoginRequest,
  reply: FastifyReply,
): Promise<AskedLogin | undefined> {
  try {
    const { uid, params } = await provider.interactionDetails(request.raw, reply.raw);
    if (uid !== request.query.state) return undefined;
    const text = (name: string): string | undefined => {
      const value = params[name];
      return typeof value === "string" && value !== "" ? value : undefined;
    };
    const loginHint = text("login_hint");
    const connection = text("connection");
    return {
      state: uid,
      clientId: text("client_id") ?? "",
      ...(loginHint === undefined ? {} : { loginHint }),
      ...(connection === undefined ? {} : { connection }),
    };
  } catch {
    return undefined;
  }
}

function loginResult(profile: UserProfile): InteractionResults {
  // Auth0's answer for a blocked user.
  if (profile.blocked === true) return { error: "unauthorized", error_description: "user is blocked" };
  return { login: { accountId: profile.user_id } };
}

function pageFor(context: TenantContext, asked: AskedLogin, typed?: string): LoginPage {
  const { connection, loginHint } = asked;
  const profiles = [...context.state.users.values()].map(({ profile }) => profile);
  const ofConnection = profiles.filter(
    (profile) => connection === undefined || profile.identities[0]?.connection === connection,
  );
  const isHinted = (profile: UserProfile): boolean =>
    loginHint !== undefined && [profile.user_id, profile.email].includes(loginHint);
  const hinted = ofConnection.filter(isHinted);
  const databases = [...context.state.connections.values()].filter(({ strategy }) => strategy === "auth0");
  const email = typed ?? hinted[0]?.email ?? loginHint;
  return {
    state: asked.state,
    applicationName: context.state.clients.get(asked.clientId)?.name ?? asked.clientId,
    users: [...hinted, ...ofConnection.filter((profile) => !isHinted(profile))],
    withPassword: connection === undefined || databases.some(({ name }) => name === connection),
    ...(email === undefined ? {} : { email }),
  };
}

function userById(
  context: TenantContext,
  fields: Record<string, string | undefined>,
): UserRecord | undefined {
  return context.state.users.get(fields[shortcutField] ?? "");
}

function userByPassword(
  context: TenantContext,
  fields: Record<string, string | undefined>,
  client_id: string,
): UserRecord | undefined {
  const wanted = (fields["username"] ?? "").trim().toLowerCase();
  const named = [...context.state.users.values()].filter(
    ({ profile }) =>
      [profile.email?.toLowerCase(), profile.username?.toLowerCase()].includes(wanted) &&
      connectionOf(context, profile)?.strategy === "auth0",
  );
  const password = fields["password"] ?? "";
  const user = named.find(({ passwordHash }) => passwordMatches(password, passwordHash));
  if (user) return user;
  const { logs } = context.state;
  const someone = named[0];
  if (someone) {
    const { user_id } = someone.profile;
    addLog(logs, { type: "fp", description: "Wrong email or password.", client_id, user_id });
  } else {
    // What was typed stays out of the log: people type passwords into the wrong field.
    addLog(logs, { type: "fu", description: "Wrong email or password.", client_id });
  }
  return undefined;
}

function sendPage(reply: FastifyReply, status: number, page: LoginPage): FastifyReply {
  return reply.code(status).headers(pageHeaders).type("text/html; charset=utf-8").send(loginPage(page));
}

function sendExpired(reply: FastifyReply): FastifyReply {
  const body = "<p>This login is over or has expired. Go back to the application and start again.</p>";
  return reply.code(400).headers(pageHeaders).type("text/html; charset=utf-8").send(htmlPage("Log in", body));
}

const pageHeaders = {
  "cache-control": "no-store",
  // No form-action: browsers apply it to the redirects that follow, and those lead to the applications.
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
};
