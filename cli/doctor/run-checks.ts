import { ExpectedError } from "../../infra/expected-error.ts";
import type { Check, Facts, Surroundings } from "./check.ts";
import { problem, type Finding } from "./finding.ts";

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
