import type { UserProfile } from "../state/user-record.ts";
import { escapeHtml, htmlPage } from "./html.ts";

/** The form field of a shortcut button. */
export const shortcutField = "user_id";

/** More users than a page may list. */
const maxShortcuts = 50;

export interface LoginPage {
  /** The id of the login under way. */
  state: string;
  applicationName: string;
  /** Those who may be logged in by a click, the hinted ones first. */
  users: UserProfile[];
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
    page.users.length > 0 ? shortcuts(page) : "",
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
  const buttons = page.users.slice(0, maxShortcuts).map((user) => {
    const name = user.name ?? user.email ?? user.user_id;
    const label = `Log in as ${escapeHtml(name)} <code>${escapeHtml(user.user_id)}</code>`;
    return `<button type="submit" name="${shortcutField}" value="${escapeHtml(user.user_id)}">${label}</button>`;
  });
  const rest = page.users.length - maxShortcuts;
  return `<h2>Local shortcuts</h2>
<p class="hint">This tenant stands in for the identity providers too: these log in without a password.</p>
${formStart(page)}
${buttons.join("\n")}
</form>
${rest > 0 ? `<p class="hint">and ${rest} more, by login_hint</p>` : ""}`;
}
