import { escapeHtml } from "../../lib/html.ts";
import type { ActionRun } from "../../sandbox/flow.ts";
import type { UserProfile } from "../../tenant/state/user.ts";
import type { FinishedLogin, LoggedFlow } from "./login-log.ts";
import type { BoundAction } from "./management-client.ts";
import { pageShell } from "./page-shell.ts";
import { userCard, type CardContext } from "./user-card.ts";

export interface Overview extends CardContext {
  /** `localhost:PORT`. */
  readonly domain: string;
  readonly users: readonly UserProfile[];
  readonly actions: readonly BoundAction[];
  readonly flows: readonly LoggedFlow[];
}

/** More users than a page should list. */
const mostUsers = 60;

/** The page: users, flow, the last ID token and the log. */
export function overviewPage(overview: Overview): string {
  const { domain, users, actions, flows, logins } = overview;
  const cards = users.slice(0, mostUsers).map((user) => userCard(user, overview));
  const rest = users.length - cards.length;
  return pageShell({
    title: "User pictures",
    intro: `<p>Which picture an application gets for each user who logs in at the local tenant
<code>${escapeHtml(domain)}</code>. No picture is loaded from other machines: drawings replace those pictures.</p>
<nav aria-label="On this page"><ul>
<li><a href="#users">Users</a></li><li><a href="#flow">Login flow</a></li>
<li><a href="#claims">Last ID token</a></li><li><a href="#log">Runs of the flow</a></li>
</ul></nav>`,
    main: `<section aria-labelledby="users"><h2 id="users">Users</h2>
<ul class="cards">${cards.join("\n")}</ul>
${rest > 0 ? `<p>and ${rest} more that this page does not list.</p>` : ""}</section>
${flowSection(actions)}
${claimsSection(logins.last())}
${logSection(flows)}`,
  });
}

/** What the page's application was told at the last login. */
function claimsSection(login: FinishedLogin | undefined): string {
  const content =
    login === undefined ? "<p>There was no login yet.</p>" : `<div class="card">${tokenOf(login)}</div>`;
  return `<section aria-labelledby="claims"><h2 id="claims">Last ID token</h2>${content}</section>`;
}

function tokenOf({ at, claims }: FinishedLogin): string {
  const items = Object.entries(claims).map(
    ([name, value]) =>
      `<dt>${escapeHtml(name)}</dt><dd><code>${escapeHtml(JSON.stringify(value))}</code></dd>`,
  );
  return `<p>Of a login at ${timeElement(at)}. Its signature was checked.</p><dl>${items.join("\n")}</dl>`;
}

/** The Login flow: its Actions in the order in which they run. */
function flowSection(actions: readonly BoundAction[]): string {
  const items = actions.map(
    ({ name, version, runtime, deployedAt }) => `<li class="card"><h3>${escapeHtml(name)}</h3>
<p>Version ${version}, deployed ${timeElement(new Date(deployedAt))}</p>
<p class="hint">Runtime ${escapeHtml(runtime)}</p></li>`,
  );
  const none = "<p>No Action is bound to post-login: every login shows the root picture.</p>";
  return `<section aria-labelledby="flow"><h2 id="flow">Login flow</h2>
${items.length === 0 ? none : `<ol class="flow">${items.join("\n")}</ol>`}</section>`;
}

/** The latest runs of the flow: each Action's duration, what it wrote to the console, and how it failed. */
function logSection(flows: readonly LoggedFlow[]): string {
  const items = flows.map(({ at, result }) => {
    const claim = result.idTokenClaims["picture"];
    const outcome =
      typeof claim === "string" ? `picture claim <code>${escapeHtml(claim)}</code>` : "no picture claim";
    const denial = result.denied === undefined ? "" : denied(result.denied.cause, result.denied.reason);
    return `<li>${timeElement(at)}: ${outcome}${denial}
<ul>${result.actions.map(runItem).join("\n")}</ul></li>`;
  });
  const content =
    items.length === 0 ? "<p>There was no login yet.</p>" : `<ol class="card log">${items.join("\n")}</ol>`;
  return `<section aria-labelledby="log"><h2 id="log">Runs of the flow</h2>
<p class="hint">Logins and refreshes of all applications, newest first. Reload the page to update the list.</p>
${content}</section>`;
}

function denied(cause: string, reason: string): string {
  return `<p class="error">The login was ended (${escapeHtml(cause)}): ${escapeHtml(reason)}</p>`;
}

function runItem({ name, durationMs, console: lines, error }: ActionRun): string {
  const written = lines.map((line) => `<li><code>${escapeHtml(line)}</code></li>`).join("\n");
  return `<li>${escapeHtml(name)}, ${durationMs.toFixed(1)} ms${error === undefined ? "" : `<p class="error">${escapeHtml(error)}</p>`}
${lines.length === 0 ? "" : `<ul aria-label="Console of ${escapeHtml(name)}">${written}</ul>`}</li>`;
}

/** The time of day, UTC, with the whole moment for machines. An invalid date is named so. */
function timeElement(at: Date): string {
  if (Number.isNaN(at.getTime())) return "at an unknown time";
  const moment = at.toISOString();
  return `<time datetime="${moment}">${moment.slice(11, 19)} UTC</time>`;
}
