import { identityId } from "../state/identities.ts";
import { escapeHtml, htmlPage } from "./html.ts";
import type { LoginChoice } from "./login-choices.ts";

/** The form field of a shortcut that says who logs in. */
export const userField = "user_id";

/** The one that says by which identity, for a user who has several. */
export const identityField = "identity";

/** More than a page may list. */
const maxShortcuts = 50;

export interface LoginPage {
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
export function loginPage(page: LoginPage): string {
  const { applicationName, error } = page;
  const parts = [
    `<p>to <strong>${escapeHtml(applicationName)}</strong>, at the local tenant.</p>`,
    error === undefined ? "" : `<p class="error" role="alert">${escapeHtml(error)}</p>`,
    page.withPassword ? passwordForm(page) : "",
    page.choices.length > 0 ? shortcuts(page) : "",
  ];
  return htmlPage("Log in", parts.join("\n"));
}

function formStart({ state }: LoginPage): string {
  return `<form method="post" action="/u/login?state=${encodeURIComponent(state)}">`;
}

function passwordForm(page: LoginPage): string {
  return `${formStart(page)}
<label for="username">Email or username</label>
<input id="username" name="username" autocomplete="username" required value="${escapeHtml(page.email ?? "")}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button class="main" type="submit">Continue</button>
</form>`;
}

function shortcuts(page: LoginPage): string {
  const forms = page.choices
    .slice(0, maxShortcuts)
    .map((choice) => `${formStart(page)}\n${shortcut(choice)}\n</form>`);
  const rest = page.choices.length - maxShortcuts;
  return `<h2>Local shortcuts</h2>
<p class="hint">This tenant stands in for the identity providers too: these log in without a password.</p>
${forms.join("\n")}
${rest > 0 ? `<p class="hint">and ${rest} more, by login_hint</p>` : ""}`;
}

/** The inside of a form. Only where a user has several identities the button says which one it is for. */
function shortcut({ user: { profile }, identity }: LoginChoice): string {
  const userId = escapeHtml(profile.user_id);
  const name = escapeHtml(profile.name ?? profile.email ?? profile.user_id);
  if (profile.identities.length < 2) {
    return `<button type="submit" name="${userField}" value="${userId}">Log in as ${name} <code>${userId}</code></button>`;
  }
  const id = escapeHtml(identityId(identity));
  const label = `Log in as ${name} by ${escapeHtml(identity.connection)} <code>${id}</code>`;
  return `<input type="hidden" name="${userField}" value="${userId}">
<button type="submit" name="${identityField}" value="${id}">${label}</button>`;
}
