import { markup, type HtmlPage, type Markup } from "../../../lib/html.ts";
import { grouped } from "../../../lib/terminal.ts";
import { reasonWords } from "../../../policy/reason-words.ts";
import {
  auditVerdict,
  blockedSection,
  connectionsSection,
  findingsSection,
  hostsSection,
  reasonsSection,
  type FindingGroup,
  type PageLinks,
} from "../../audit/audit-page.ts";
import type { AuditReport } from "../../audit/audit-report.ts";
import { describeFinding, findingWords } from "../../people/finding.ts";
import { tableStyle } from "../../report-page/report-page.ts";
import type { ConsoleContext } from "../console-context.ts";
import { consolePage } from "../console-page.ts";
import { findingName, type AuditResult, type AuditState, type AuditUnderWay } from "./audit-run.ts";

type PlaceContext = Pick<ConsoleContext, "base" | "stack" | "pictureOrigin" | "users">;

const tenantStyle = `${tableStyle}
.space { margin-bottom: 1rem; }
.card ul { margin-top: 0.4rem; }
progress { width: min(24rem, 100%); accent-color: var(--accent); }
`;

/** All users at a glance, as the last audit found them; how far the one that is under way is. */
export function tenantPage(
  context: PlaceContext,
  state: AuditState,
  last: AuditResult | undefined,
): HtmlPage {
  const beginning = last === undefined ? firstTime() : markup``;
  const status = state.kind === "running" ? underWay(state) : startForm(context, last !== undefined);
  const error =
    state.kind === "failed"
      ? markup`<p class="error" role="alert">${state.message} <code>${state.code}</code></p>`
      : markup``;
  return page(context, "Tenant", [
    beginning,
    error,
    status,
    ...(last === undefined ? [] : [found(context, last)]),
  ]);
}

function page(context: PlaceContext, title: string, parts: readonly Markup[]): HtmlPage {
  return consolePage(context, { title, place: "tenant", style: tenantStyle, main: markup`${parts}` });
}

function firstTime(): Markup {
  return markup`<p>What the next logins of all users show, and what is wrong with their pictures. Auth0 exports all users for it, which
takes a moment, and minutes for very many. Nothing is changed, and no picture is fetched.</p>`;
}

function startForm({ base }: PlaceContext, isAgain: boolean): Markup {
  return markup`<form method="post" action="${base}/tenant"><p><button${isAgain ? "" : markup` class="main"`}>${
    isAgain ? "Look again" : "Look at all users"
  }</button></p></form>`;
}

function underWay({ phase, done, total }: AuditUnderWay): Markup {
  const count =
    done === 0
      ? " …"
      : total === undefined
        ? `: ${grouped(done)}`
        : `: ${grouped(done)} of some ${grouped(total)}`;
  const bar =
    total === undefined
      ? markup`<progress aria-label="The audit"></progress>`
      : markup`<progress aria-label="The audit" max="${total}" value="${Math.min(done, total)}"></progress>`;
  return markup`<p role="status">${phase}${count}</p>${bar}<p class="hint">This page loads itself again until it is done. You may leave it meanwhile.</p>`;
}

function found(context: PlaceContext, { report, people }: AuditResult): Markup {
  const links = linksOf(context, people);
  return markup`${[
    auditVerdict(report),
    ...(report.findings.length === 0 ? [] : [findingsSection(report, links)]),
    reasonsSection(report, links),
    ...(report.connections.top.length === 0 ? [] : [connectionsSection(report)]),
    hostsSection(report),
    ...(report.blocked.length === 0 ? [] : [blockedSection(report, links)]),
  ]}`;
}

function linksOf(context: PlaceContext, people: AuditResult["people"]): PageLinks {
  return {
    user: (userId) => personLink(context, userId),
    // As text: who follows a link tells the host that a picture is looked at.
    address: (address) => markup`<span class="hint">${address}</span>`,
    reason: (reason) => markup`<a href="${context.base}/tenant/reason/${reason}">${reason}</a>`,
    more: (users, { finding, cause }) => {
      const name = findingName(finding, cause);
      return people.has(name)
        ? markup`<p><a href="${context.base}/tenant/finding/${name}">and ${grouped(users)} more</a></p>`
        : markup`<p class="hint">and ${grouped(users)} more.</p>`;
    },
  };
}

function personLink({ base, users }: PlaceContext, userId: string): Markup {
  return markup`<a href="${base}/person/${users.of(userId)}"><code>${userId}</code></a>`;
}

/** Everybody with a finding, as far as they are known. */
export function findingPage(
  context: PlaceContext,
  { finding: kind, cause, users }: FindingGroup,
  people: readonly string[],
): HtmlPage {
  return page(context, kind, [
    markup`<p>${describeFinding({ kind, cause })}.</p><p class="hint">${findingWords[kind].remedy}.</p>`,
    peopleList(context, people, users),
  ]);
}

/** Some of those whose next login shows the same. */
export function reasonPage(
  context: PlaceContext,
  { reason, users, examples }: AuditReport["reasons"][number],
): HtmlPage {
  const ids = examples.map(({ userId }) => userId);
  return page(context, reason, [
    markup`<p>The next login shows ${reasonWords[reason]}.</p>`,
    peopleList(context, ids, users),
  ]);
}

function peopleList(context: PlaceContext, ids: readonly string[], users: number): Markup {
  const all =
    users > ids.length
      ? `The first ${grouped(ids.length)} of ${grouped(users)} users`
      : `${grouped(users)} ${users === 1 ? "user" : "users"}`;
  return markup`<section aria-labelledby="people"><h2 id="people">${all}</h2>
<ul class="card">${ids.map((userId) => markup`<li>${personLink(context, userId)}</li>`)}</ul></section>
<p><a href="${context.base}/tenant">Back to the tenant</a></p>`;
}
