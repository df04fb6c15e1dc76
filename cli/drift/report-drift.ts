import type { CommandReport } from "../command-report.ts";
import type { Environment } from "../environment.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { describeDriftGithub } from "./describe-drift-github.ts";
import { describeDriftMarkdown } from "./describe-drift-markdown.ts";
import { describeDrift } from "./describe-drift.ts";
import type { Drift } from "./drift.ts";

export const driftFormats = ["text", "json", "markdown", "github"] as const;

export type DriftFormat = (typeof driftFormats)[number];

export function reportDrift(drift: Drift, format: DriftFormat, env: Environment): CommandReport {
  return { exitCode: driftExitCode(drift), text: textIn(drift, format, env), json: drift };
}

/** What is found is drift, whatever else could not be looked at. */
export function driftExitCode({ findings, unknown }: Drift): ExitCode {
  if (findings.length > 0) return exitCode.found;
  return unknown.length > 0 ? exitCode.failed : exitCode.done;
}

function textIn(drift: Drift, format: DriftFormat, env: Environment): string {
  switch (format) {
    case "text":
      return describeDrift(drift);
    case "json":
      return JSON.stringify(drift, null, 2);
    case "markdown":
      return describeDriftMarkdown(drift);
    case "github":
      return describeDriftGithub(drift, env);
  }
}
