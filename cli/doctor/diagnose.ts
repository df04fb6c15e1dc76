import { ExpectedError } from "../../lib/errors.ts";
import { below, beside, coloured, term, type TerminalText } from "../../lib/terminal-text.ts";
import { exitCode, type CommandReport } from "../command.ts";
import { checkAwsIdentity, checkBucket } from "./check-aws.ts";
import { checkScopes } from "./check-scopes.ts";
import { checkConfig, checkDefaultImage } from "./check-stack.ts";
import { checkActions, checkCredentials, checkToken } from "./check-tenant.ts";
import { checkNode, checkPlugins, checkPulumi } from "./check-tools.ts";
import { problem, type Check, type Facts, type Finding, type Surroundings } from "./check.ts";

/** In the order in which they build on each other. */
export const checks: readonly Check[] = [
  checkNode,
  checkPulumi,
  checkPlugins,
  checkConfig,
  checkCredentials,
  checkToken,
  checkScopes,
  checkAwsIdentity,
  checkBucket,
  checkDefaultImage,
  checkActions,
];

/** What `pictures doctor` reports. */
export async function diagnose(surroundings: Surroundings, colours: boolean): Promise<CommandReport> {
  const findings = await runChecks(checks, surroundings);
  const problems = findings.filter(({ status }) => status === "problem").length;
  return {
    exitCode: problems === 0 ? exitCode.done : exitCode.found,
    text: describeFindings(surroundings.stack, findings, colours),
    json: { stack: surroundings.stack, problems, checks: findings },
  };
}

export type NamedFinding = { readonly name: string } & Finding;

/** Runs the checks one after the other, since later ones build on what earlier ones found out. */
export async function runChecks(
  checks: readonly Check[],
  surroundings: Surroundings,
): Promise<readonly NamedFinding[]> {
  const facts: Facts = {};
  const findings: NamedFinding[] = [];
  for (const { name, run } of checks) {
    findings.push({ name, ...(await withoutExpectedErrors(() => run(surroundings, facts))) });
  }
  return findings;
}

async function withoutExpectedErrors(run: () => Promise<Finding>): Promise<Finding> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ExpectedError) return problem(error.message);
    throw error;
  }
}

const colourOf = { ok: "green", problem: "red", skipped: "yellow" } as const;

/** The findings for people: one line each, a problem's remedy below it, and the sum. */
export function describeFindings(
  stack: string,
  findings: readonly NamedFinding[],
  colours: boolean,
): TerminalText {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const indentation = " ".repeat("problem".length + width + 4);
  const texts = findings.map((finding) => {
    const status = term`${finding.status.padEnd("problem".length)}`;
    const [detail = "", ...more] = finding.detail.split("\n");
    const remedy = finding.status === "problem" && finding.remedy !== undefined ? [finding.remedy] : [];
    return below(
      beside(
        colours ? coloured(colourOf[finding.status], status) : status,
        term`  ${finding.name.padEnd(width)}  ${detail}`,
      ),
      ...[...more, ...remedy].map((line) => term`${indentation}${line}`),
    );
  });
  return below(...texts, term``, sum(stack, findings));
}

function sum(stack: string, findings: readonly NamedFinding[]): TerminalText {
  const problems = findings.filter(({ status }) => status === "problem").length;
  if (problems === 0) return term`Stack ${stack}: no problems.`;
  return term`Stack ${stack}: ${problems === 1 ? "1 problem" : `${problems} problems`}.`;
}
