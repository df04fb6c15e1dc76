import { counted } from "../../lib/terminal.ts";
import { markup, type Markup } from "../../lib/html.ts";
import type { PageImages } from "../report-page/page-image.ts";
import { pictureFigure } from "../report-page/picture-figure.ts";
import { bar, reportPage, table } from "../report-page/report-page.ts";
import type { Example, Outcome } from "./comparison.ts";
import { percent, reasonPairs, verdict, warnings, wordsOfReason } from "./describe-impact.ts";
import { originWords } from "./impact-flow.ts";
import type { ImpactReport } from "./impact-report.ts";

/** How many connections are listed; all are in the JSON. */
const shownConnections = 50;

/** The report as one HTML file. It names users by their ids: it is for those who may see them. */
export function impactPage(report: ImpactReport, images: PageImages = new Map()): string {
  return reportPage({
    title: `Whose picture changes: stack ${report.stack}`,
    intro: markup`<p>New: ${originWords(report.new.origin)}. Old: ${originWords(report.old.origin)}.</p>
<p>${verdict(report)}</p>
${warnings(report).map((warning) => markup`<p class="error">${warning}</p>`)}`,
    main: markup`${[reasonSection(report), connectionSection(report), ...exampleSections(report, images)]}`,
  });
}

function reasonSection(report: ImpactReport): Markup {
  const rows = reasonPairs(report).map((pair) => [
    pair.old,
    pair.new,
    pair.users,
    pair.changed,
    bar(report.users === 0 ? 0 : pair.changed / report.users),
  ]);
  return markup`<section><h2>By reason</h2>${table({
    caption: "Users by the reason for their picture before and after",
    columns: [
      { title: "Before" },
      { title: "After" },
      { title: "Users", kind: "number" },
      { title: "Changed", kind: "number" },
      { title: "Share of all" },
    ],
    rows,
  })}</section>`;
}

function connectionSection({ connections }: ImpactReport): Markup {
  const sorted = Object.entries(connections).sort(([, one], [, other]) => other.changed - one.changed);
  const rows = sorted
    .slice(0, shownConnections)
    .map(([name, { users, changed }]) => [
      name === "" ? "(not in the file)" : name,
      users,
      changed,
      percent(changed, users),
    ]);
  return markup`<section><h2>By connection</h2>${table({
    caption: "Users by the connection of their primary identity, those with the most changes first",
    columns: [
      { title: "Connection" },
      { title: "Users", kind: "number" },
      { title: "Changed", kind: "number" },
      { title: "Share", kind: "number" },
    ],
    rows,
  })}</section>`;
}

/** A section for each pair of reasons that has examples, in the order of the table above. */
function exampleSections(report: ImpactReport, images: PageImages): Markup[] {
  return reasonPairs(report).flatMap((pair) => {
    const examples = report.examples.filter(
      (example) => example.old.reason === pair.old && example.new.reason === pair.new,
    );
    if (examples.length === 0) return [];
    const cards = examples.map((example) => card(example, images));
    return [
      markup`<section><h2>${pair.old} → ${pair.new}</h2>
<p>Before: ${wordsOfReason(pair.old)}. After: ${wordsOfReason(pair.new)}.</p>
<p class="hint">${examples.length} of ${counted(pair.changed, "user")}. If a picture is not in this file, there is a drawing; follow its link to see the picture.</p>
<ul class="cards">${cards}</ul></section>`,
    ];
  });
}

function card({ userId, connection, old: before, new: after }: Example, images: PageImages): Markup {
  const figure = (caption: string, { picture, reason }: Outcome): Markup => {
    const image = picture === null ? undefined : images.get(picture);
    return pictureFigure({
      caption: `${caption}: ${reason}`,
      of: userId,
      picture,
      ...(image === undefined ? {} : { image }),
    });
  };
  return markup`<li class="card"><h3><code>${userId}</code></h3>
<p class="hint">${connection}</p>
<div class="pictures">${[figure("Before", before), figure("After", after)]}</div></li>`;
}
