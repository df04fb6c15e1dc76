import type { Reason } from "../../policy/reason.ts";
import { escapeHtml, htmlPage } from "../tenant/oidc/html.ts";
import type { UserProfile } from "../tenant/state/user-record.ts";

export function usersPage(users: readonly UserProfile[]): string {
  const rows = users.map(({ user_id: id, name = id, picture }) => {
    const link = `<a href="/local/login?user=${encodeURIComponent(id)}">Log in as ${escapeHtml(name)}</a>`;
    return `<li>${link}<br><span class="hint">root picture: <code>${escapeHtml(picture ?? "none")}</code></span></li>`;
  });
  return htmlPage(
    "User pictures",
    `<p>Log in and see which picture the application gets.</p><ul>${rows.join("\n")}</ul>`,
  );
}

export interface LoginResult {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly root: string | undefined;
  readonly reason: Reason;
  readonly issuer: string;
}

export function loginResultPage({ claims, root, reason, issuer }: LoginResult): string {
  const picture = typeof claims["picture"] === "string" ? claims["picture"] : undefined;
  return htmlPage(
    `Logged in as ${typeof claims["name"] === "string" ? claims["name"] : String(claims["sub"])}`,
    `${shownPicture(picture, issuer)}
<p>Reason: <strong>${escapeHtml(reason)}</strong></p>
<p class="hint">picture claim: <code>${escapeHtml(picture ?? "none")}</code></p>
<p class="hint">root picture: <code>${escapeHtml(root ?? "none")}</code></p>
<p><a href="/">Somebody else</a></p>`,
  );
}

export function errorPage(message: string): string {
  return htmlPage(
    "No login",
    `<p class="error" role="alert">${escapeHtml(message)}</p><p><a href="/">Back</a></p>`,
  );
}

/** No request leaves the machine: a picture of somewhere else is named instead of loaded. */
function shownPicture(picture: string | undefined, issuer: string): string {
  if (picture === undefined) return "<p>No picture.</p>";
  if (new URL(picture).hostname === new URL(issuer).hostname) {
    return `<p><img src="${escapeHtml(picture)}" alt="The picture that the application gets" width="160" height="160"></p>`;
  }
  return `<p>A picture at <strong>${escapeHtml(new URL(picture).hostname)}</strong>, which is not loaded here.</p>`;
}
