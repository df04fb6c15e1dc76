import { appendFileSync } from "node:fs";
import type { Environment } from "../environment.ts";
import { describeDriftMarkdown } from "./describe-drift-markdown.ts";
import { oneLine, summary } from "./describe-drift.ts";
import type { Drift } from "./drift.ts";

/** Drift as annotations of a GitHub Actions job. Its summary, with the code, goes where `GITHUB_STEP_SUMMARY` says. */
export function describeDriftGithub(drift: Drift, env: Environment): string {
  const { stack, findings, pinned, unknown } = drift;
  const file = env["GITHUB_STEP_SUMMARY"];
  if (file !== undefined && file !== "") appendFileSync(file, `${describeDriftMarkdown(drift)}\n`);
  return [
    ...findings.map((finding) => annotation("error", `Drift in stack ${stack}`, oneLine(finding))),
    ...pinned.map(({ text }) => annotation("notice", `Pinned in stack ${stack}`, text)),
    ...unknown.map(({ what, code, why }) =>
      annotation("warning", `Stack ${stack}: not known`, `${what}: ${why} [${code}]`),
    ),
    data(summary(stack, findings, unknown)),
  ].join("\n");
}

function annotation(level: "error" | "warning" | "notice", title: string, message: string): string {
  const property = data(title).replaceAll(":", "%3A").replaceAll(",", "%2C");
  return `::${level} title=${property}::${data(message)}`;
}

/** GitHub's own escapes for the text of a workflow command. */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
