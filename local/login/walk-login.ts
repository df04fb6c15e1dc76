import { ExpectedError } from "../../lib/errors.ts";

/** As much of fetch as is needed here. */
export type Fetch = (
  url: string,
  init: { method: string; redirect: "manual"; headers: Record<string, string>; body?: string },
) => Promise<{ status: number; headers: Headers; text: () => Promise<string> }>;

/** A login takes five steps; more means that the tenant sends us in circles. */
const maxSteps = 12;

/**
 * Goes from the authorization URL to the application's callback as a browser does: redirects, cookies, the login form.
 * Returns the callback's URL with what the tenant put into its query.
 */
export async function walkLogin(
  fetch: Fetch,
  jar: CookieJar,
  authorizationUrl: URL,
  redirectUri: string,
  person: Person,
): Promise<URL> {
  let url = authorizationUrl;
  let form: Record<string, string> | undefined;
  for (let step = 0; step < maxSteps; step += 1) {
    const answer = await send(fetch, jar, url, form);
    const location = answer.headers.get("location");
    if (location !== null) {
      const next = new URL(location, url);
      if (isCallback(next, redirectUri)) return next;
      url = next;
      form = undefined;
      continue;
    }
    const html = await answer.text();
    if (form && "password" in form)
      throw new LoginError("wrong-password", "The tenant refused the password.");
    if (answer.status !== 200 || url.pathname !== "/u/login") throw unexpected(url, answer.status, html);
    const filled = filledLoginForm(html, person);
    url = new URL(filled.action, url);
    form = filled.fields;
  }
  throw new LoginError("unexpected-answer", `The login did not end within ${maxSteps} steps.`);
}

async function send(
  fetch: Fetch,
  jar: CookieJar,
  url: URL,
  form: Record<string, string> | undefined,
): ReturnType<Fetch> {
  const cookie = jar.header(url.pathname);
  const answer = await fetch(url.href, {
    method: form ? "POST" : "GET",
    redirect: "manual",
    headers: {
      accept: "text/html",
      ...(cookie === "" ? {} : { cookie }),
      ...(form ? { "content-type": "application/x-www-form-urlencoded" } : {}),
    },
    ...(form ? { body: new URLSearchParams(form).toString() } : {}),
  });
  jar.store(answer.headers.getSetCookie());
  return answer;
}

function isCallback(url: URL, redirectUri: string): boolean {
  const callback = new URL(redirectUri);
  return url.origin === callback.origin && url.pathname === callback.pathname;
}

/** The page's own words, without its tags: the tenant's error pages say what is wrong. */
function unexpected(url: URL, status: number, html: string): LoginError {
  const text = html
    .replace(/<(style|head)\b.*?<\/\1>/gs, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 300);
  return new LoginError("unexpected-answer", `${url.pathname} answered ${status}: ${text}`);
}

/**
 * Who logs in: by a shortcut button of the page, or with email and password. `identity` is the id of one of the user's
 * identities, such as `google-oauth2|123`; left out, it is the primary one, or else the first that the page offers.
 */
export type Person = { userId: string; identity?: string } | { username: string; password: string };

interface FilledForm {
  action: string;
  fields: Record<string, string>;
}

/** Fills in the tenant's login page like a person without JavaScript. LoginError `no-such-user` where it has no button. */
export function filledLoginForm(html: string, person: Person): FilledForm {
  const forms = [...html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(
    ([, attributes = "", content = ""]) => ({
      action: attributeOf(attributes, "action") ?? "",
      content,
    }),
  );
  if ("password" in person) {
    const form = forms.find(({ content }) => content.includes('type="password"'));
    if (!form) throw new LoginError("unexpected-answer", "The login page asks for no password.");
    return { action: form.action, fields: { username: person.username, password: person.password } };
  }
  const { userId, identity } = person;
  const ofUser = forms
    .map(({ action, content }) => ({ action, fields: shortcutFields(content) }))
    .filter(({ fields }) => fields["user_id"] === userId);
  // A form without an identity is for a user who has one only, whose id is the user's.
  const ofIdentity = (id: string) => ofUser.find(({ fields }) => (fields["identity"] ?? userId) === id);
  const form = ofIdentity(identity ?? userId) ?? (identity === undefined ? ofUser[0] : undefined);
  if (form) return form;
  const by = identity === undefined ? "" : ` by ${identity}`;
  throw new LoginError("no-such-user", `The login page has no button for the user ${userId}${by}.`);
}

/** What the form of one shortcut sends: its hidden fields, and its button. */
function shortcutFields(content: string): Record<string, string> {
  const fields = [...content.matchAll(/<(?:input|button)\b([^>]*)>/g)].flatMap(([, attributes = ""]) => {
    const name = attributeOf(attributes, "name");
    const value = attributeOf(attributes, "value");
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(fields);
}

function attributeOf(attributes: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1];
  return value?.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}

/**
 * `refused`: the tenant sent the user back with an error, such as `access_denied`; `no-such-user`: the login page does not
 * offer the user; `wrong-password`; `unexpected-answer`: neither a redirect nor the login page came.
 */
type LoginErrorCode = "refused" | "no-such-user" | "wrong-password" | "unexpected-answer";

/** Why a headless login ended without tokens. */
export class LoginError extends ExpectedError {
  declare readonly code: LoginErrorCode;
  /** OAuth's `error`, where the tenant sent one. */
  readonly error: string | undefined;
  readonly errorDescription: string | undefined;

  constructor(code: LoginErrorCode, message: string, error?: string, errorDescription?: string) {
    super(code, message);
    this.name = "LoginError";
    this.error = error;
    this.errorDescription = errorDescription;
  }
}

/** One host's cookies, as far as a login needs them: name, value, path and deletion. */
export interface CookieJar {
  /** The `Cookie` header for a path; empty where there is none. */
  header: (path: string) => string;
  /** Takes the `Set-Cookie` headers of an answer. */
  store: (setCookies: readonly string[]) => void;
}

interface Cookie {
  name: string;
  value: string;
  path: string;
}

export function createCookieJar(): CookieJar {
  const cookies = new Map<string, Cookie>();
  return {
    header: (path) =>
      [...cookies.values()]
        .filter((cookie) => isUnder(path, cookie.path))
        .map(({ name, value }) => `${name}=${value}`)
        .join("; "),
    store: (setCookies) => {
      for (const line of setCookies) {
        const { cookie, expired } = parsed(line);
        const key = `${cookie.name} ${cookie.path}`;
        if (expired) cookies.delete(key);
        else cookies.set(key, cookie);
      }
    },
  };
}

function isUnder(path: string, cookiePath: string): boolean {
  return path === cookiePath || path.startsWith(cookiePath.endsWith("/") ? cookiePath : `${cookiePath}/`);
}

function parsed(line: string): { cookie: Cookie; expired: boolean } {
  const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
  const split = pair.indexOf("=");
  const attribute = (wanted: string): string | undefined =>
    attributes.find((text) => text.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
  const expires = attribute("expires");
  return {
    cookie: {
      name: pair.slice(0, split),
      value: pair.slice(split + 1),
      path: attribute("path") ?? "/",
    },
    expired: expires !== undefined && Date.parse(expires) <= Date.now(),
  };
}
