import { summary } from "./describe-drift.ts";
import type { Drift, DriftFinding } from "./drift.ts";

/** Drift as Markdown, for a pull request, an issue or a job's summary. */
export function describeDriftMarkdown({ stack, findings, pinned, unknown }: Drift): string {
  const table = [
    "| what | expected | found | mend it by | code |",
    "| --- | --- | --- | --- | --- |",
    ...findings.map(row),
  ];
  return [
    `### ${cell(summary(stack, findings, unknown))}`,
    ...(findings.length === 0 ? [] : [table.join("\n")]),
    ...findings.flatMap(codeBlock),
    ...(pinned.length === 0 ? [] : [pinned.map(({ text }) => `- **Pinned:** ${cell(text)}`).join("\n")]),
    ...(unknown.length === 0
      ? []
      : [
          unknown
            .map(({ what, code, why }) => `- **Unknown:** ${cell(what)}: ${cell(why)} (\`${code}\`)`)
            .join("\n"),
        ]),
  ].join("\n\n");
}

function row({ code, resource, property, expected, found, mend }: DriftFinding): string {
  const what = property === "" ? resource : `${resource}, ${property}`;
  return `| ${cell(what)} | ${cell(expected)} | ${cell(found)} | ${codeSpan(mend)} | \`${code}\` |`;
}

function codeBlock({ resource, property, diff }: DriftFinding): string[] {
  if (diff === undefined) return [];
  // Longer than every fence in the code itself.
  const fence = "`".repeat(Math.max(3, ...(diff.match(/`+/g) ?? []).map(({ length }) => length + 1)));
  const title = `<summary>${cell(resource)}, ${cell(property)}</summary>`;
  return [`<details>${title}\n\n${fence}diff\n${diff}\n${fence}\n\n</details>`];
}

/** What was found comes from outside: it must not end a cell, nor be read as Markdown or HTML. */
function cell(text: string): string {
  return text
    .replace(/[\\`*_[\]|@#]/g, String.raw`\$&`)
    .replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/\s*\n\s*/g, " ");
}

/** Inside of a code span nothing is read as Markdown but its end and the cell's. */
function codeSpan(text: string): string {
  return `\`${text
    .replaceAll("`", "'")
    .replaceAll("|", String.raw`\|`)
    .replace(/\s*\n\s*/g, " ")}\``;
}
