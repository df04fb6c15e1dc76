import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { InteractionResults, Provider } from "oidc-provider";
import type { TenantContext } from "../tenant-context.ts";
import { htmlPage } from "./html.ts";
import { choiceById, choiceByPassword, hintRank, loginChoices } from "./login-choices.ts";
import type { AskedLogin, LoginChoice } from "./login-choices.ts";
import { rememberedIdentity } from "./login-moments.ts";
import type { LoginPage } from "./login-page.ts";
import { identityField, loginPage, userField } from "./login-page.ts";

type LoginRequest = FastifyRequest<{
  Querystring: { state?: string };
  Body: Record<string, string | undefined> | null;
}>;

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
    const choice = chosen(context, asked, fields);
    if (!choice) {
      const error = "Wrong email or password.";
      return sendPage(reply, 400, { ...pageFor(context, asked, fields["username"]), error });
    }
    reply.hijack();
    await provider().interactionFinished(request.raw, reply.raw, loginResult(choice));
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

function chosen(
  context: TenantContext,
  asked: AskedLogin,
  fields: Record<string, string | undefined>,
): LoginChoice | undefined {
  const userId = fields[userField];
  return userId === undefined
    ? choiceByPassword(context, asked, fields["username"] ?? "", fields["password"] ?? "")
    : choiceById(context, asked, userId, fields[identityField]);
}

function loginResult({ user: { profile }, identity }: LoginChoice): InteractionResults {
  // Auth0's answer for a blocked user.
  if (profile.blocked === true) return { error: "unauthorized", error_description: "user is blocked" };
  return { login: { accountId: profile.user_id, amr: rememberedIdentity(identity) } };
}

function pageFor(context: TenantContext, asked: AskedLogin, typed?: string): LoginPage {
  const { connection, loginHint } = asked;
  const choices = loginChoices(context, asked);
  const [first] = choices;
  const isHinted = first !== undefined && loginHint !== undefined && hintRank(first, loginHint) < 2;
  const databases = [...context.state.connections.values()].filter(({ strategy }) => strategy === "auth0");
  const email = typed ?? (isHinted ? first.user.profile.email : undefined) ?? loginHint;
  return {
    state: asked.state,
    applicationName: context.state.clients.get(asked.clientId)?.name ?? asked.clientId,
    choices,
    withPassword: connection === undefined || databases.some(({ name }) => name === connection),
    ...(email === undefined ? {} : { email }),
  };
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
