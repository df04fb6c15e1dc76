import { ExpectedError } from "../../infra/expected-error.ts";
import type { ClientConfig } from "./client-config.ts";
import type { RotationContext, RotationReport } from "./rotation.ts";

/**
 * A client has one secret at Auth0, so a secret is rotated by a second client. The configuration says where a
 * rotation is: `clientGenerations` holds two numbers from its beginning on, and the later one at its end.
 */
const key = "clientGenerations";

/** Adds the second client and proves it; again after a kill, it goes on where it was. */
export async function beginSecretRotation(
  context: RotationContext,
  { auth0Domain, generations }: ClientConfig,
): Promise<RotationReport> {
  const [current = 1, next] = generations;
  if (next === undefined) {
    context.progress(`${key}: a second client, beside the one in use`);
    await context.config.set(key, JSON.stringify([current, current + 1]));
  }
  await context.deploy();
  const { clientId, clientSecret } = await nextClient(context);
  await context.prove({ domain: auth0Domain, clientId, clientSecret });
  return { kind: "secret", phase: "begun", clientId };
}

/** Proves the second client, then takes the first one away. Again after a kill, it takes away what is left. */
export async function finishSecretRotation(
  context: RotationContext,
  { auth0Domain, generations }: ClientConfig,
): Promise<RotationReport> {
  const [, next] = generations;
  if (next === undefined) context.progress(`${key} names one client: what is left of another one goes`);
  else {
    await context.prove({ domain: auth0Domain, ...(await nextClient(context)) });
    context.progress(`${key}: only the new client`);
    await context.config.set(key, JSON.stringify([next]));
  }
  await context.deploy();
  const outputs = await context.outputs();
  const { clientId, clientSecret } = clientIn(outputs, "managementClient") ?? notDeployed(context.stack);
  await context.prove({ domain: auth0Domain, clientId, clientSecret });
  return { kind: "secret", phase: "finished", clientId };
}

async function nextClient(context: RotationContext) {
  return clientIn(await context.outputs(), "nextManagementClient") ?? notDeployed(context.stack);
}

function clientIn(
  outputs: Readonly<Record<string, unknown>>,
  name: "managementClient" | "nextManagementClient",
): { readonly clientId: string; readonly clientSecret: string } | undefined {
  const [clientId, clientSecret] = [outputs[`${name}Id`], outputs[`${name}Secret`]];
  if (typeof clientId !== "string" || typeof clientSecret !== "string" || clientSecret === "")
    return undefined;
  return { clientId, clientSecret };
}

function notDeployed(stack: string): never {
  throw new ExpectedError(
    "rotation-not-deployed",
    `Stack ${stack} has no secret of the new client. Run pictures rotate --stack ${stack} (without --finish) first; if it was ` +
      "run, the deployment's own credentials lack read:client_keys, without which Auth0 shows no secret.",
  );
}
