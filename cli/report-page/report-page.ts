import { createHash } from "node:crypto";
import { markup, type Markup } from "../../lib/html.ts";
import { grouped } from "../../lib/terminal.ts";
import { style } from "./style.ts";

export interface ReportPage {
  readonly title: string;
  /** Below the title: of which stack, when, how many. */
  readonly intro: Markup;
  /** Mostly `section`s, each with an `h2`. */
  readonly main: Markup;
}

/** No script, nothing from elsewhere: pictures are in the page itself, so opening it sends no request. */
const contentPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** A report as one HTML file that needs nothing else, for a screen of any width, light or dark, and for paper. */
export function reportPage({ title, intro, main }: ReportPage): string {
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${contentPolicy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${{ html: style }}</style>
</head>
<body>
<header>
<h1>${title}</h1>
${intro}
</header>
<main>
${main}
</main>
</body>
</html>
`;
  return page.html;
}

interface Table {
  /** What the rows are, for those who see the table and those who hear it. */
  readonly caption: string;
  readonly columns: readonly Column[];
  /** A cell for each column; the first one names its row. */
  readonly rows: readonly (readonly (string | number | Markup)[])[];
}

interface Column {
  readonly title: string;
  /** Numbers stand to the right, and sentences get room. Without a kind it is as wide as what it holds. */
  readonly kind?: "number" | "text";
}

/** A table that scrolls in itself where the window is narrow, also by keyboard. */
export function table({ caption, columns, rows }: Table): Markup {
  const titles = columns.map((column) => markup`<th scope="col"${classOf(column)}>${column.title}</th>`);
  const lines = rows.map((row) => {
    const cells = row.map((cell, index) => cellOf(cell, index, columns[index]));
    return markup`<tr>${cells}</tr>`;
  });
  return markup`<div class="table" role="region" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr>${titles}</tr></thead>
<tbody>
${lines}
</tbody>
</table></div>`;
}

function cellOf(cell: string | number | Markup, index: number, column: Column | undefined): Markup {
  return index === 0
    ? markup`<th scope="row"${classOf(column)}>${shown(cell)}</th>`
    : markup`<td${classOf(column)}>${shown(cell)}</td>`;
}

function shown(cell: string | number | Markup): string | Markup {
  return typeof cell === "number" ? grouped(cell) : cell;
}

function classOf(column: Column | undefined): Markup {
  return column?.kind === undefined ? markup`` : markup` class="${column.kind}"`;
}

/**
 * A bar for a cell beside its number.
 *
 * @param share From 0 to 1.
 */
export function bar(share: number): Markup {
  const width = Math.round(Math.min(Math.max(share, 0), 1) * 1000) / 10;
  return markup`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="${width}" height="8"/></svg>`;
}
