import type { CookieJar } from "./cookie-jar.ts";
import { LoginError } from "./login-error.ts";
import type { Person } from "./login-form.ts";
import { filledLoginForm } from "./login-form.ts";

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
