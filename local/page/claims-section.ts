import { escapeHtml } from "../tenant/oidc/html.ts";
import type { FinishedLogin } from "./login-log.ts";
import { timeElement } from "./time-element.ts";

/** What the page's application was told at the last login. */
export function claimsSection(login: FinishedLogin | undefined): string {
  const content =
    login === undefined ? "<p>Nobody logged in yet.</p>" : `<div class="card">${tokenOf(login)}</div>`;
  return `<section aria-labelledby="claims"><h2 id="claims">Last ID token</h2>${content}</section>`;
}

function tokenOf({ at, claims }: FinishedLogin): string {
  const items = Object.entries(claims).map(
    ([name, value]) =>
      `<dt>${escapeHtml(name)}</dt><dd><code>${escapeHtml(JSON.stringify(value))}</code></dd>`,
  );
  return `<p>Of a login at ${timeElement(at)}. Its signature was checked.</p><dl>${items.join("\n")}</dl>`;
}
