import { styleText } from "node:util";
import type { NamedFinding } from "./run-checks.ts";

const colourOf = { ok: "green", problem: "red", skipped: "yellow" } as const;

/** The findings for people: one line each, a problem's remedy below it, and the sum. */
export function describeFindings(stack: string, findings: readonly NamedFinding[], colours: boolean): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  // Who calls has looked at the stream already.
  const paint = (status: NamedFinding["status"]) => {
    const padded = status.padEnd("problem".length);
    return colours ? styleText(colourOf[status], padded, { validateStream: false }) : padded;
  };
  const indentation = " ".repeat("problem".length + width + 4);
  const lines = findings.flatMap((finding) => {
    const detail = finding.detail.replaceAll("\n", `\n${indentation}`);
    const line = `${paint(finding.status)}  ${finding.name.padEnd(width)}  ${detail}`;
    const remedy = finding.status === "problem" ? finding.remedy : undefined;
    return remedy === undefined ? [line] : [line, `${indentation}${remedy}`];
  });
  return [...lines, "", sum(stack, findings)].join("\n");
}

function sum(stack: string, findings: readonly NamedFinding[]): string {
  const problems = findings.filter(({ status }) => status === "problem").length;
  if (problems === 0) return `Stack ${stack}: no problems.`;
  return `Stack ${stack}: ${problems === 1 ? "1 problem" : `${problems} problems`}.`;
}
