import { grouped } from "../grouped.ts";
import { markup, type Markup } from "./markup.ts";

export interface Table {
  /** What the rows are, for those who see the table and those who hear it. */
  readonly caption: string;
  readonly columns: readonly Column[];
  /** A cell for each column; the first one names its row. */
  readonly rows: readonly (readonly (string | number | Markup)[])[];
}

export interface Column {
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
