import { existsSync } from "node:fs";
import type { Environment } from "../environment.ts";
import type { ManagementAccess } from "../management/request-access.ts";
import { stackFile } from "../stack-file.ts";
import { UsageError } from "../usage-error.ts";
import { commitFlow, commitNamed } from "./commit-flow.ts";
import { deployedFlow } from "./deployed-flow.ts";
import type { ImpactFlow } from "./impact-flow.ts";
import { programFlow } from "./program-flow.ts";

/**
 * What is compared with: `deployed`, the name of a stack that has a file, or a commit.
 *
 * @param access Gets a token, where one is needed.
 * @throws UsageError `against-unknown`, or what the flows throw.
 */
export async function oldFlow(
  against: string,
  stack: string,
  env: Environment,
  access: () => Promise<ManagementAccess>,
): Promise<ImpactFlow> {
  if (against === "deployed") return deployedFlow(await access());
  if (existsSync(stackFile(against, env))) return programFlow(against, env);
  if (commitNamed(against) !== undefined) return commitFlow(against, stack, env);
  const message = `--against ${against} is neither deployed, nor a stack with a file Pulumi.${against}.yaml, nor a commit.`;
  throw new UsageError("against-unknown", message);
}
