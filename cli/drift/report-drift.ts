import { appendFileSync } from "node:fs";
import type { Environment } from "../../lib/environment.ts";
import {
  below,
  term,
  terminalBlock,
  terminalJson,
  terminalLines,
  type TerminalText,
} from "../../lib/terminal-text.ts";
import { exitCode, type CommandReport, type ExitCode } from "../command.ts";
import type { Drift, DriftFinding, Unknown } from "./drift.ts";

export const driftFormats = ["text", "json", "markdown", "github"] as const;

export type DriftFormat = (typeof driftFormats)[number];

export function reportDrift(drift: Drift, format: DriftFormat, env: Environment): CommandReport {
  return { exitCode: driftExitCode(drift), text: textIn(drift, format, env), json: drift };
}

/** What is found is drift, whatever else could not be checked. */
export function driftExitCode({ findings, unknown }: Drift): ExitCode {
  if (findings.length > 0) return exitCode.found;
  return unknown.length > 0 ? exitCode.failed : exitCode.done;
}

function textIn(drift: Drift, format: DriftFormat, env: Environment): TerminalText {
  switch (format) {
    case "text":
      return describeDrift(drift);
    case "json":
      return terminalJson(drift);
    case "markdown":
      return terminalLines(describeDriftMarkdown(drift).split("\n"));
    case "github":
      return describeDriftGithub(drift, env);
  }
}

/** Drift for people: one line for each thing, code as a diff below its line. */
export function describeDrift({ stack, findings, pinned, unknown }: Drift): TerminalText {
  const lines = [
    ...findings.map((finding) => terminalLines([`drift    ${oneLine(finding)}`, ...indented(finding.diff)])),
    ...pinned.map(({ text }) => term`pinned   ${text}`),
    ...unknown.map(({ what, code, why }) => terminalBlock(`unknown  ${what}: ${why} [${code}]`)),
  ];
  return below(...lines, term`${summary(stack, findings, unknown)}`);
}

function oneLine({ code, resource, property, expected, found, mend }: DriftFinding): string {
  const what = property === "" ? resource : `${resource}, ${property}`;
  return `${what}: expected ${expected}, found ${found}. To fix it: ${mend} [${code}]`;
}

function summary(stack: string, findings: readonly DriftFinding[], unknown: readonly Unknown[]): string {
  const tail = unknown.length === 0 ? "" : `, and ${things(unknown.length)} could not be checked`;
  if (findings.length > 0) return `Stack ${stack}: ${things(findings.length)} drifted${tail}.`;
  return unknown.length === 0
    ? `Stack ${stack}: no drift.`
    : `Stack ${stack}: nothing found${tail}: it may have drifted.`;
}

function things(count: number): string {
  return count === 1 ? "1 thing" : `${count} things`;
}

function indented(text: string | undefined): string[] {
  return text === undefined ? [] : text.split("\n").map((line) => `    ${line}`);
}

/** Drift as Markdown, for a pull request, an issue or a job's summary. */
function describeDriftMarkdown({ stack, findings, pinned, unknown }: Drift): string {
  const table = [
    "| what | expected | found | how to fix it | code |",
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

/** Drift as annotations of a GitHub Actions job. Its summary, with the code, goes where `GITHUB_STEP_SUMMARY` says. */
function describeDriftGithub(drift: Drift, env: Environment): TerminalText {
  const { stack, findings, pinned, unknown } = drift;
  const file = env["GITHUB_STEP_SUMMARY"];
  if (file !== undefined && file !== "") appendFileSync(file, `${describeDriftMarkdown(drift)}\n`);
  return terminalLines([
    ...findings.map((finding) => annotation("error", `Drift in stack ${stack}`, oneLine(finding))),
    ...pinned.map(({ text }) => annotation("notice", `Pinned in stack ${stack}`, text)),
    ...unknown.map(({ what, code, why }) =>
      annotation("warning", `Stack ${stack}: unknown`, `${what}: ${why} [${code}]`),
    ),
    data(summary(stack, findings, unknown)),
  ]);
}

function annotation(level: "error" | "warning" | "notice", title: string, message: string): string {
  const property = data(title).replaceAll(":", "%3A").replaceAll(",", "%2C");
  return `::${level} title=${property}::${data(message)}`;
}

/** GitHub's own escapes for the text of a workflow command. */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
