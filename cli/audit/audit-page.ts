import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { markup, timeElement, type Markup } from "../../lib/html.ts";
import { projectRoot } from "../../lib/project.ts";
import { grouped } from "../../lib/terminal.ts";
import { reasonWords } from "../../policy/reason-words.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import type { ConfigValues } from "../../stack/config-keys.ts";
import { fetchedImages, thumbnail, type FetchPicture, type PageImages } from "../report-page/page-image.ts";
import { pictureFigure, pictureLink } from "../report-page/picture-figure.ts";
import { bar, reportPage, table } from "../report-page/report-page.ts";
import type { AuditReport, HostCounts } from "./audit-report.ts";
import { causeWords, findingWords, shownAddress } from "../people/finding.ts";

/** The report as a page of its own. */
export function auditPage(report: AuditReport, images: PageImages): string {
  return reportPage({
    title: `User pictures of stack ${report.stack}`,
    intro: auditVerdict(report),
    main: markup`${[
      ...(report.findings.length === 0 ? [] : [findingsSection(report)]),
      reasonsSection(report),
      ...(report.connections.top.length === 0 ? [] : [connectionsSection(report)]),
      hostsSection(report),
      ...(report.blocked.length === 0 ? [] : [blockedSection(report)]),
      samplesSection(report, images),
    ]}`,
  });
}

/** Of how many users the report is, from when, and whether anything needs attention. */
export function auditVerdict({ at, users, findings, warnings }: AuditReport): Markup {
  const attention = findings.reduce((sum, group) => sum + group.users, 0);
  const verdict =
    attention === 0
      ? markup`${warnings.length === 0 ? [markup`<p>Nothing needs attention.</p>`] : []}`
      : markup`<p class="error">${attention === 1 ? "1 finding needs" : `${grouped(attention)} findings need`} attention.</p>`;
  return markup`<p>${grouped(users)} user${users === 1 ? "" : "s"}, looked at on ${timeElement(new Date(at), "day")}.</p>
${verdict}${warnings.map((warning) => markup`<p class="error">Not complete: ${warning}</p>`)}`;
}

export type FindingGroup = AuditReport["findings"][number];

/** How a page names what its reader may want to look at; a page may lead there. */
export interface PageLinks {
  readonly user: (userId: string) => Markup;
  /** The address of a picture. */
  readonly address: (address: string) => Markup;
  readonly reason: (reason: AuditReport["reasons"][number]["reason"]) => Markup;
  /** So many users more of a finding than the page names. */
  readonly more: (users: number, group: FindingGroup) => Markup;
}

/** Of a page on its own. */
const fileLinks: PageLinks = {
  user: (userId) => markup`<code>${userId}</code>`,
  address: (address) => pictureLink(address),
  reason: (reason) => markup`${reason}`,
  more: (users) => markup`<p class="hint">and ${grouped(users)} more.</p>`,
};

/** How many users the page names for each finding. */
const samplesPerFinding = 8;

export function findingsSection(
  { findings }: Pick<AuditReport, "findings">,
  links: PageLinks = fileLinks,
): Markup {
  const cards = findings.map((group) => {
    const { finding, cause, users, examples } = group;
    const { what, remedy } = findingWords[finding];
    const why = cause === null ? "" : `; ${causeWords[cause]}`;
    const items = examples.slice(0, samplesPerFinding).map(({ userId, address, detail }) => {
      const what = detail === undefined ? "" : markup` <span class="hint">${detail}</span>`;
      return markup`<li>${links.user(userId)} ${address === null ? "" : links.address(address)}${what}</li>`;
    });
    const more = users > items.length ? links.more(users - items.length, group) : "";
    return markup`<li class="card"><h3>${finding}${cause === null ? "" : `, ${cause}`}: ${grouped(users)}</h3>
<p>${sentence(what + why)}</p>
<p class="hint">${remedy}.</p>
<ul>
${items}
</ul>${more}</li>`;
  });
  return section("findings", "To fix", markup`<ul class="cards">${cards}</ul>`);
}

export function reasonsSection(
  { reasons, users }: Pick<AuditReport, "reasons" | "users">,
  links: PageLinks = fileLinks,
): Markup {
  const columns = [
    { title: "Reason" },
    { title: "Users", kind: "number" as const },
    { title: "Share" },
    { title: "What is shown", kind: "text" as const },
  ];
  const rows = reasons.map((group) => [
    links.reason(group.reason),
    group.users,
    bar(users === 0 ? 0 : group.users / users),
    reasonWords[group.reason],
  ]);
  return section(
    "reasons",
    "What the next logins show",
    table({ caption: "Users by reason", columns, rows }),
  );
}

export function connectionsSection({
  connections,
  users,
}: Pick<AuditReport, "connections" | "users">): Markup {
  const columns = [
    { title: "Connection" },
    { title: "Users", kind: "number" as const },
    { title: "Share" },
    { title: "What is shown", kind: "text" as const },
  ];
  const rows = connections.top.map(({ connection, users: count, reasons }) => [
    connection ?? "none",
    count,
    bar(users === 0 ? 0 : count / users),
    reasons.map((group) => `${group.reason} ${grouped(group.users)}`).join(", "),
  ]);
  const note = tooMany("connections", connections.missed);
  const caption = "Users by the primary identity's connection";
  return section("connections", "Connections", markup`${table({ caption, columns, rows })}${note}`);
}

export function hostsSection({ hosts }: Pick<AuditReport, "hosts">): Markup {
  const tables = [
    ...hostTable("Own pictures on other hosts", hosts.own),
    ...hostTable("Original pictures that logins show", hosts.original),
  ];
  const none = markup`<p>No picture is on another host.</p>`;
  return section("hosts", "Where pictures are", tables.length === 0 ? none : markup`${tables}`);
}

function hostTable(caption: string, { users, top, missed }: HostCounts): Markup[] {
  if (users === 0) return [];
  const columns = [{ title: "Host" }, { title: "Users", kind: "number" as const }, { title: "Share" }];
  const rows = top.map((host) => [host.host, host.users, bar(host.users / users)]);
  const note = tooMany("hosts", missed);
  return [markup`<div class="space">${table({ caption, columns, rows })}${note}</div>`];
}

function tooMany(what: string, missed: number): Markup {
  if (missed === 0) return markup``;
  return markup`<p class="hint">There were too many ${what} to count exactly: a count may be ${grouped(missed)} too low.</p>`;
}

export function blockedSection(
  { blocked, reasons }: Pick<AuditReport, "blocked" | "reasons">,
  links: PageLinks = fileLinks,
): Markup {
  const all = reasons.find(({ reason }) => reason === "blocked")?.users ?? 0;
  const columns = [{ title: "User" }, { title: "Since" }, { title: "Why", kind: "text" as const }];
  const rows = blocked.map(({ userId, at, reason }) => [
    links.user(userId),
    at?.slice(0, 10) ?? "not noted",
    reason ?? "not noted",
  ]);
  const caption =
    all > rows.length ? `${grouped(rows.length)} of ${grouped(all)} blocked users` : "Blocked users";
  return section("blocked", "Blocked", table({ caption, columns, rows }));
}

function samplesSection({ reasons }: AuditReport, images: PageImages): Markup {
  const cards = reasons.flatMap(({ reason, examples }) =>
    examples.slice(0, samplesPerReason).map(({ userId, picture }) => {
      const image = picture === null ? undefined : images.get(picture);
      const shown = { caption: reason, of: userId, picture, ...(image === undefined ? {} : { image }) };
      return markup`<li class="card">${pictureFigure(shown)}<p class="hint"><code>${userId}</code></p></li>`;
    }),
  );
  const hint = markup`<p class="hint">The first ${samplesPerReason} users of each reason. This page loads no pictures from other servers. If a picture is not in this file, it shows a drawing with a link to it.</p>`;
  return section("samples", "Examples", markup`${hint}<ul class="cards small">${cards}</ul>`);
}

function section(id: string, title: string, content: Markup): Markup {
  return markup`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${content}</section>`;
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

/** How many users' pictures the page shows for each reason. */
const samplesPerReason = 6;

export interface PageImageSources {
  readonly config: Pick<ConfigValues, "defaultImage">;
  readonly settings: Pick<PictureSettings, "defaultUrl">;
  /** Left out where no host may be asked. */
  readonly fetchPicture?: FetchPicture;
}

/** The default image, and the own pictures and copies among the samples where they may be fetched. One that cannot be is left out. */
export async function pageImages(
  { reasons }: Pick<AuditReport, "reasons">,
  { config, settings, fetchPicture }: PageImageSources,
): Promise<PageImages> {
  const defaultFile = await readFile(resolve(projectRoot, config.defaultImage));
  const images = new Map([[shownAddress(settings.defaultUrl) ?? "", await thumbnail(defaultFile)]]);
  if (fetchPicture === undefined) return images;
  const ours = reasons.filter(({ reason }) => reason === "user" || reason === "copy");
  const urls = ours.flatMap(({ examples }) =>
    examples.slice(0, samplesPerReason).flatMap(({ picture }) => picture ?? []),
  );
  return new Map([...images, ...(await fetchedImages(urls, fetchPicture))]);
}
