import { ExpectedError } from "../../infra/expected-error.ts";
import { readClientConfig } from "./client-config.ts";
import { beginKeyRotation, finishKeyRotation } from "./rotate-key.ts";
import { beginSecretRotation, finishSecretRotation } from "./rotate-secret.ts";
import type { RotationContext, RotationReport } from "./rotation.ts";

/**
 * One phase of a rotation of the stack's client: adds the new credential, or takes the old one away. Both prove the new one
 * by a token and a read first, both can be repeated, and neither shows a secret.
 *
 * @throws ExpectedError `stack-client-missing`, or what is wrong with configuration, deployment or credential.
 */
export async function rotateClient(
  context: RotationContext,
  phase: "begin" | "finish",
): Promise<RotationReport> {
  const client = await readClientConfig(context.stack, context.config);
  if (typeof (await context.outputs())["managementClientId"] !== "string") throw clientMissing(context.stack);
  const isKey = client.authentication === "private_key_jwt";
  if (phase === "begin") {
    return isKey ? beginKeyRotation(context, client) : beginSecretRotation(context, client);
  }
  return isKey ? finishKeyRotation(context, client) : finishSecretRotation(context, client);
}

function clientMissing(stack: string): ExpectedError {
  return new ExpectedError(
    "stack-client-missing",
    `Stack ${stack} has no Management API client yet: there is nothing to rotate. Run pulumi up --stack ${stack}.`,
  );
}
