import { ExpectedError } from "../../infra/expected-error.ts";
import { runPulumi, type RunPulumi } from "./run-pulumi.ts";

/** Everything below our component for clients; the component's type is part of each URN. */
const clientResources = "**ManagementClient**";

/** An update waits out rate limits; one that hangs for longer than this is stuck. */
const timeoutMs = 30 * 60_000;

/**
 * Runs `pulumi up` for the stack's Management API clients alone: other changes that wait to be deployed stay waiting.
 *
 * @throws ExpectedError `deployment-failed` with the end of what pulumi printed, or what `runPulumi` throws.
 */
export async function deployClients(stack: string, pulumi: RunPulumi = runPulumi): Promise<void> {
  const args = ["up", "--yes", "--skip-preview", "--stack", stack, "--target", clientResources];
  const { code, stdout, stderr } = await pulumi(args, { timeoutMs });
  if (code === 0) return;
  const printed = `${stdout}\n${stderr}`.trim().split("\n").slice(-15).join("\n");
  throw new ExpectedError(
    "deployment-failed",
    `pulumi up of stack ${stack} failed. What is configured stays, so run the same command again once this is mended:\n${printed}\n`,
  );
}
