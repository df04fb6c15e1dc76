import type { CommandReport } from "../command-report.ts";
import { exitCode } from "../exit-code.ts";
import type { Check, Surroundings } from "./check.ts";
import { checkActions } from "./check-actions.ts";
import { checkAwsIdentity } from "./check-aws-identity.ts";
import { checkBucket } from "./check-bucket.ts";
import { checkConfig } from "./check-config.ts";
import { checkCredentials } from "./check-credentials.ts";
import { checkDefaultImage } from "./check-default-image.ts";
import { checkNode } from "./check-node.ts";
import { checkPlugins } from "./check-plugins.ts";
import { checkPulumi } from "./check-pulumi.ts";
import { checkScopes } from "./check-scopes.ts";
import { checkToken } from "./check-token.ts";
import { describeFindings } from "./describe-findings.ts";
import { runChecks } from "./run-checks.ts";

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
