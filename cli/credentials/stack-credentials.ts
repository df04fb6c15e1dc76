import { ExpectedError } from "../../infra/expected-error.ts";
import { runPulumi, type RunPulumi } from "../pulumi/run-pulumi.ts";
import { stackOutputs } from "../pulumi/stack-outputs.ts";
import type { ManagementCredentials, ManagementProof } from "./management-credentials.ts";

/**
 * The Management API client that the stack created, from its outputs; where it has no secret, the private key from the
 * stack's encrypted configuration.
 *
 * @throws ExpectedError `stack-client-missing` where nothing is deployed yet, or what `stackOutputs` throws.
 */
export async function stackCredentials(
  stack: string,
  domain: string,
  pulumi: RunPulumi = runPulumi,
): Promise<ManagementCredentials> {
  const outputs = await stackOutputs(stack, pulumi);
  const clientId = outputs["managementClientId"];
  if (typeof clientId !== "string") throw clientMissing(stack);
  return { domain, source: "stack outputs", proof: await proofOf(stack, clientId, outputs, pulumi) };
}

async function proofOf(
  stack: string,
  clientId: string,
  outputs: Readonly<Record<string, unknown>>,
  pulumi: RunPulumi,
): Promise<ManagementProof> {
  const clientSecret = outputs["managementClientSecret"];
  if (typeof clientSecret === "string" && clientSecret !== "") return { clientId, clientSecret };
  const key = await pulumi(["config", "get", "clientPrivateKey", "--stack", stack]);
  if (key.code !== 0 || key.stdout.trim() === "") throw clientMissing(stack);
  return { clientId, privateKey: key.stdout };
}

function clientMissing(stack: string): ExpectedError {
  return new ExpectedError(
    "stack-client-missing",
    `Stack ${stack} has no Management API client yet. Run pulumi up, or give credentials in AUTH0_* or PICTURES_* variables.`,
  );
}
