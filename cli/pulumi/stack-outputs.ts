import { ExpectedError } from "../../infra/expected-error.ts";
import { runPulumi, type RunPulumi } from "./run-pulumi.ts";

/**
 * The outputs of a deployed stack, secrets in plain text: never to be shown.
 *
 * @throws ExpectedError `stack-outputs-unavailable`, or what `runPulumi` throws.
 */
export async function stackOutputs(
  stack: string,
  pulumi: RunPulumi = runPulumi,
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await pulumi(["stack", "output", "--json", "--show-secrets", "--stack", stack]);
  if (answer.code !== 0) throw unavailable(stack, answer.stderr.trim());
  try {
    const outputs: unknown = JSON.parse(answer.stdout);
    if (typeof outputs === "object" && outputs !== null) return outputs as Record<string, unknown>;
  } catch {
    // What it printed is not shown: it may hold a secret.
  }
  throw unavailable(stack, "pulumi printed no JSON");
}

function unavailable(stack: string, why: string): ExpectedError {
  return new ExpectedError(
    "stack-outputs-unavailable",
    `pulumi does not give the outputs of stack ${stack}: ${why.replace(/^error: /, "")}. Log in to the stack's backend ` +
      `(pulumi login) with its passphrase or key, or give credentials in AUTH0_* or PICTURES_* variables.`,
  );
}
