import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { InteractionResults, Provider } from "oidc-provider";
import { fieldValue, markup, type HtmlPage, type Markup } from "../../lib/html.ts";
import { identityId, identityProfile, type Identity } from "../state/user.ts";
import type { TenantContext } from "../tenant-context.ts";
import { choiceByPassword, choicesOf, type LoginChoice } from "./login-choice.ts";
import { rememberedIdentity } from "./login-moments.ts";
import { tenantPage } from "./tenant-page.ts";

type LoginRequest = FastifyRequest<{
  Querystring: { state?: string };
  Body: Record<string, string | undefined> | null;
}>;

/** GET and POST /u/login: the page, and what is sent from it. */
export function registerLogin(app: FastifyInstance, context: TenantContext, provider: () => Provider): void {
  app.get("/u/login", async (request: LoginRequest, reply) => {
    const asked = await askedLogin(provider(), request, reply);
    return asked ? sendPage(reply, 200, loginPage(pageFor(context, asked))) : sendExpired(reply);
  });

  app.post("/u/login", async (request: LoginRequest, reply) => {
    const asked = await askedLogin(provider(), request, reply);
    if (!asked) return sendExpired(reply);
    const fields = request.body ?? {};
    const choice = chosen(context, asked, fields);
    if (!choice) {
      const error = "Wrong email or password.";
      return sendPage(reply, 400, loginPage({ ...pageFor(context, asked, fields["username"]), error }));
    }
    const next = await provider().interactionResult(request.raw, reply.raw, loginResult(choice));
    return reply.redirect(next, 302);
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

function sendPage(reply: FastifyReply, status: number, { html, headers }: HtmlPage): FastifyReply {
  return reply.code(status).headers(headers).send(html);
}

function sendExpired(reply: FastifyReply): FastifyReply {
  const main = markup`<p>This login is over or has expired. Go back to the application and start again.</p>`;
  return sendPage(reply, 400, tenantPage("Log in", main));
}

/** What the application asked for when it sent the user here. */
interface AskedLogin {
  state: string;
  clientId: string;
  /** An email, or the id of any identity. */
  loginHint?: string;
  /** The name of the only connection that a login may be by. */
  connection?: string;
}

/** Every way to log in, a user's identities one after the other, the hinted ones first. */
function loginChoices({ state }: TenantContext, { connection, loginHint }: AskedLogin): LoginChoice[] {
  const choices = [...state.users.values()].flatMap((user) => choicesOf(user, connection));
  if (loginHint === undefined) return choices;
  const ranked = choices.map((choice) => ({ choice, rank: hintRank(choice, loginHint) }));
  return ranked.sort((a, b) => a.rank - b.rank).map(({ choice }) => choice);
}

/** Where a hint puts a choice: 0 for the identity that is hinted, 1 for another one of that user, 2 for all others. */
function hintRank({ user: { profile }, identity }: LoginChoice, hint: string): 0 | 1 | 2 {
  const isOf = (one: Identity) => identityId(one) === hint || identityProfile(profile, one).email === hint;
  if (isOf(identity)) return 0;
  return profile.identities.some(isOf) ? 1 : 2;
}

/**
 * The choice of a shortcut button.
 *
 * @param identity Left out: the user's first identity of those that the login may be by.
 */
function choiceById(
  { state }: TenantContext,
  { connection }: AskedLogin,
  userId: string,
  identity: string | undefined,
): LoginChoice | undefined {
  const user = state.users.get(userId);
  if (!user) return undefined;
  return choicesOf(user, connection).find(
    (choice) => identity === undefined || identityId(choice.identity) === identity,
  );
}

/** The form field of a shortcut that says who logs in. */
const userField = "user_id";

/** The one that says by which identity, for a user who has several. */
const identityField = "identity";

/** More than a page may list. */
const maxShortcuts = 50;

interface LoginPage {
  /** The id of the login under way. */
  state: string;
  applicationName: string;
  /** What a click may log in, the hinted ones first. */
  choices: LoginChoice[];
  /** Whether to offer email and password. */
  withPassword: boolean;
  email?: string;
  /** What went wrong with the attempt before. */
  error?: string;
}

/** The login page: a form and buttons that work without JavaScript. */
export function loginPage(page: LoginPage): HtmlPage {
  const { applicationName, error } = page;
  return tenantPage(
    "Log in",
    markup`<p>to <strong>${applicationName}</strong>, at the local tenant.</p>
${error === undefined ? "" : markup`<p class="error" role="alert">${error}</p>`}
${page.withPassword ? passwordForm(page) : ""}
${page.choices.length > 0 ? shortcuts(page) : ""}`,
  );
}

function formStart({ state }: LoginPage): Markup {
  return markup`<form method="post" action="/u/login?state=${encodeURIComponent(state)}">`;
}

function passwordForm(page: LoginPage): Markup {
  return markup`${formStart(page)}
<label for="username">Email or username</label>
<input id="username" name="username" autocomplete="username" required value="${fieldValue(page.email ?? "")}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button class="main" type="submit">Continue</button>
</form>`;
}

function shortcuts(page: LoginPage): Markup {
  const forms = page.choices
    .slice(0, maxShortcuts)
    .map((choice) => markup`${formStart(page)}\n${shortcut(choice)}\n</form>`);
  const rest = page.choices.length - maxShortcuts;
  return markup`<h2>Local shortcuts</h2>
<p class="hint">This tenant also stands in for the identity providers: these buttons log in without a password.</p>
${forms}
${rest > 0 ? markup`<p class="hint">and ${rest} more, by login_hint</p>` : ""}`;
}

/** The inside of a form. Only where a user has several identities the button says which one it is for. */
function shortcut({ user: { profile }, identity }: LoginChoice): Markup {
  const { user_id: userId } = profile;
  const name = profile.name ?? profile.email ?? userId;
  if (profile.identities.length < 2) {
    return markup`<button type="submit" name="${userField}" value="${fieldValue(userId)}">Log in as ${name} <code>${userId}</code></button>`;
  }
  const id = identityId(identity);
  const label = markup`Log in as ${name} by ${identity.connection} <code>${id}</code>`;
  return markup`<input type="hidden" name="${userField}" value="${fieldValue(userId)}">
<button type="submit" name="${identityField}" value="${fieldValue(id)}">${label}</button>`;
}
