import { htmlPage, markup, type Markup } from "../../lib/html.ts";
import { grouped } from "../../lib/terminal.ts";

export interface ReportPage {
  readonly title: string;
  /** Below the title: of which stack, when, how many. */
  readonly intro: Markup;
  /** Mostly `section`s, each with an `h2`. */
  readonly main: Markup;
}

/** A report as one HTML file that needs nothing else, also for paper. Pictures are in the page itself, so opening it sends no request. */
export function reportPage(page: ReportPage): string {
  return htmlPage({ ...page, style }).html;
}

/** How `table` and `bar` look, for pages that are no report. */
export const tableStyle = `
.table { background: var(--card); border: 1px solid var(--line); border-radius: 0.75rem; }
.table { overflow-x: auto; overflow-wrap: normal; padding: 0.25rem 0.75rem; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--soft); font-size: 0.9rem; padding: 0.4rem 0.25rem; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 0.25rem; }
th + th, td + td, th + td { padding-left: 1rem; }
tbody tr { border-top: 1px solid var(--line); }
tbody th { font-weight: 600; }
.text { min-width: 14rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.bar { display: block; width: 100%; min-width: 4rem; height: 0.5rem; margin-top: 0.5rem; fill: var(--accent); }
`;

const style = `
body { overflow-wrap: anywhere; }
.cards.small { grid-template-columns: repeat(auto-fill, minmax(min(10rem, 100%), 1fr)); }
.card ul { margin: 0.4rem 0 0; padding-left: 1.1rem; }
.space { margin-bottom: 1rem; }
${tableStyle}@media print { body { background: none; } .card, .table { break-inside: avoid; } }
`;

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
