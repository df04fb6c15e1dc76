import type { Drift, DriftFinding, Unknown } from "./drift.ts";

/** Drift for people: one line for each thing, code as a diff below its line. */
export function describeDrift({ stack, findings, pinned, unknown }: Drift): string {
  const lines = [
    ...findings.map(
      (finding) =>
        `drift    ${oneLine(finding)}${finding.diff === undefined ? "" : `\n${indented(finding.diff)}`}`,
    ),
    ...pinned.map(({ text }) => `pinned   ${text}`),
    ...unknown.map(({ what, code, why }) => `unknown  ${what}: ${why} [${code}]`),
  ];
  return [...lines, summary(stack, findings, unknown)].join("\n");
}

export function oneLine({ code, resource, property, expected, found, mend }: DriftFinding): string {
  const what = property === "" ? resource : `${resource}, ${property}`;
  return `${what}: expected ${expected}, found ${found}. To mend it: ${mend} [${code}]`;
}

export function summary(
  stack: string,
  findings: readonly DriftFinding[],
  unknown: readonly Unknown[],
): string {
  const drifted = findings.length === 1 ? "1 thing drifted" : `${findings.length} things drifted`;
  const tail = unknown.length === 0 ? "" : `, and ${unknown.length} could not be looked at`;
  if (findings.length > 0) return `Stack ${stack}: ${drifted}${tail}.`;
  return unknown.length === 0
    ? `Stack ${stack}: no drift.`
    : `Stack ${stack}: nothing found${tail}: it may have drifted.`;
}

function indented(text: string): string {
  return text.replace(/^/gm, "    ");
}
