import { markup, timeElement, type HtmlPage, type Markup } from "../../lib/html.ts";
import type { ActionRun } from "../../sandbox/flow.ts";
import type { UserProfile } from "../../tenant/state/user.ts";
import type { FinishedLogin, LoggedFlow } from "./login-log.ts";
import type { BoundAction } from "./management-client.ts";
import { pageShell } from "./page-shell.ts";
import { userCard, type CardContext, type ProviderSwitch } from "./user-card.ts";

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
export function overviewPage(overview: Overview): HtmlPage {
  const { domain, users, actions, flows, logins, source } = overview;
  const cards = users.slice(0, mostUsers).map((user) => userCard(user, overview));
  const rest = users.length - cards.length;
  return pageShell({
    title: "User pictures",
    intro: markup`<p>Which picture an application gets for each user who logs in at the local tenant
<code>${domain}</code>. No picture is loaded from other machines: drawings replace those pictures.</p>
<nav aria-label="On this page"><ul>
<li><a href="#users">Users</a></li><li><a href="#flow">Login flow</a></li>
${source.providers === undefined ? "" : markup`<li><a href="#providers">Providers</a></li>`}
<li><a href="#claims">Last ID token</a></li><li><a href="#log">Runs of the flow</a></li>
</ul></nav>`,
    main: markup`<section aria-labelledby="users"><h2 id="users">Users</h2>
<p class="hint">To judge their pictures and change them, as moderators and support do: <code>npm run local -- npx pictures console</code> opens the console.</p>
<ul class="cards">${cards}</ul>
${rest > 0 ? markup`<p>and ${rest} more that this page does not list.</p>` : ""}</section>
${flowSection(actions)}
${source.providers === undefined ? "" : providersSection(source.providers)}
${claimsSection(logins.last())}
${logSection(flows)}`,
    pictureOrigin: source.origin,
  });
}

/** The switch of the stand-ins for Google and Gravatar, and a user of Entra, which is no host: its pictures are in the profiles. */
function providersSection(providers: ProviderSwitch): Markup {
  const isDown = providers.isDown();
  const [state, next, verb] = isDown ? ["do not answer", "up", "Bring up"] : ["answer", "down", "Take down"];
  const names = providers.names.map((name) => markup`<li><code>${name}</code></li>`);
  return markup`<section aria-labelledby="providers"><h2 id="providers">Providers</h2>
<p>The stand-ins on this machine <strong>${state}</strong> for</p><ul>${names}</ul>
<form method="post" action="/local/providers"><div class="row">
<button type="submit" name="change" value="${next}">${verb} the providers</button>
<button type="submit" name="change" value="add-entra">Add a user of Entra, with a picture in base64</button></div></form>
<p class="hint">Copy their pictures with <code>npm run local -- npx pictures mirror --yes</code>; a copy shows at the next login.</p>
</section>`;
}

/** What the page's application was told at the last login. */
function claimsSection(login: FinishedLogin | undefined): Markup {
  const content =
    login === undefined
      ? markup`<p>There was no login yet.</p>`
      : markup`<div class="card">${tokenOf(login)}</div>`;
  return markup`<section aria-labelledby="claims"><h2 id="claims">Last ID token</h2>${content}</section>`;
}

function tokenOf({ at, claims }: FinishedLogin): Markup {
  const items = Object.entries(claims).map(
    ([name, value]) => markup`<dt>${name}</dt><dd><code>${JSON.stringify(value)}</code></dd>`,
  );
  return markup`<p>Of a login at ${timeElement(at, "time")}. Its signature was checked.</p><dl>${items}</dl>`;
}

/** The Login flow: its Actions in the order in which they run. */
function flowSection(actions: readonly BoundAction[]): Markup {
  const items = actions.map(
    ({ name, version, runtime, deployedAt }) => markup`<li class="card"><h3>${name}</h3>
<p>Version ${version}, deployed ${timeElement(new Date(deployedAt), "time")}</p>
<p class="hint">Runtime ${runtime}</p></li>`,
  );
  const none = markup`<p>No Action is bound to post-login: every login shows the root picture.</p>`;
  return markup`<section aria-labelledby="flow"><h2 id="flow">Login flow</h2>
${items.length === 0 ? none : markup`<ol class="flow">${items}</ol>`}</section>`;
}

/** The latest runs of the flow: each Action's duration, what it wrote to the console, and how it failed. */
function logSection(flows: readonly LoggedFlow[]): Markup {
  const items = flows.map(({ at, result }) => {
    const claim = result.idTokenClaims["picture"];
    const outcome =
      typeof claim === "string" ? markup`picture claim <code>${claim}</code>` : "no picture claim";
    const denial = result.denied === undefined ? "" : denied(result.denied.cause, result.denied.reason);
    return markup`<li>${timeElement(at, "time")}: ${outcome}${denial}
<ul>${result.actions.map(runItem)}</ul></li>`;
  });
  const content =
    items.length === 0 ? markup`<p>There was no login yet.</p>` : markup`<ol class="card log">${items}</ol>`;
  return markup`<section aria-labelledby="log"><h2 id="log">Runs of the flow</h2>
<p class="hint">Logins and refreshes of all applications, newest first. Reload the page to update the list.</p>
${content}</section>`;
}

function denied(cause: string, reason: string): Markup {
  return markup`<p class="error">The login was ended (${cause}): ${reason}</p>`;
}

function runItem({ name, durationMs, console: lines, error }: ActionRun): Markup {
  const written = lines.map((line) => markup`<li><code>${line}</code></li>`);
  return markup`<li>${name}, ${durationMs.toFixed(1)} ms${error === undefined ? "" : markup`<p class="error">${error}</p>`}
${lines.length === 0 ? "" : markup`<ul aria-label="Console of ${name}">${written}</ul>`}</li>`;
}
