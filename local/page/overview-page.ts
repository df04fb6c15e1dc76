import { escapeHtml } from "../tenant/oidc/html.ts";
import type { UserProfile } from "../tenant/state/user-record.ts";
import { claimsSection } from "./claims-section.ts";
import type { LoggedFlow } from "./flow-log.ts";
import { flowSection } from "./flow-section.ts";
import { logSection } from "./log-section.ts";
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
<code>${escapeHtml(domain)}</code>. No picture is loaded from outside this machine: drawings stand in for those.</p>
<nav aria-label="On this page"><ul>
<li><a href="#users">Users</a></li><li><a href="#flow">Login flow</a></li>
<li><a href="#claims">Last ID token</a></li><li><a href="#log">Runs of the flow</a></li>
</ul></nav>`,
    main: `<section aria-labelledby="users"><h2 id="users">Users</h2>
<ul class="cards">${cards.join("\n")}</ul>
${rest > 0 ? `<p>and ${rest} more, whom this page does not list.</p>` : ""}</section>
${flowSection(actions)}
${claimsSection(logins.last())}
${logSection(flows)}`,
  });
}
