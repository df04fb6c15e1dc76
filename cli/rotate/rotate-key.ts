import { ExpectedError } from "../../infra/expected-error.ts";
import type { ClientConfig } from "./client-config.ts";
import { isSameKey, newPrivateKey, publicKeyOf } from "./key-pair.ts";
import type { RotationContext, RotationReport } from "./rotation.ts";

/**
 * A client takes two public keys at Auth0. The configuration says where a rotation is: `clientNextPrivateKey` is there
 * from its beginning to its end, and `clientPublicKeys` holds both public halves until the old one goes.
 */

/** Adds a second key and proves it; again after a kill, it goes on where it was. */
export async function beginKeyRotation(
  context: RotationContext,
  client: ClientConfig,
): Promise<RotationReport> {
  const { stack, config, progress } = context;
  const { publicKeys } = client;
  if (client.nextPrivateKey === undefined && publicKeys.length > 1) throw tooManyKeys(stack);
  const privateKey = client.nextPrivateKey ?? newPrivateKey();
  if (client.nextPrivateKey === undefined) {
    progress("clientNextPrivateKey: a new private key, encrypted");
    await config.setSecret("clientNextPrivateKey", privateKey);
  }
  const publicKey = publicKeyOf(privateKey, "clientNextPrivateKey");
  const isThere = publicKeys.some((known) => isSameKey(known, publicKey));
  if (isThere && publicKeys.length === 1) throw isBeingFinished(stack);
  if (!isThere) {
    progress("clientPublicKeys: its public half, beside the one in use");
    await config.set("clientPublicKeys", JSON.stringify([...publicKeys, publicKey]));
  }
  await context.deploy();
  return { kind: "key", phase: "begun", clientId: await prove(context, client, privateKey) };
}

/**
 * Proves the new key, then takes the old one away. At every moment `clientPrivateKey` is a key that works, since the
 * commands use it. Again after a kill, it goes on where it was.
 */
export async function finishKeyRotation(
  context: RotationContext,
  client: ClientConfig,
): Promise<RotationReport> {
  const { config, progress } = context;
  const { nextPrivateKey } = client;
  if (nextPrivateKey === undefined) return removeLeftovers(context, client);
  const publicKey = publicKeyOf(nextPrivateKey, "clientNextPrivateKey");
  await prove(context, client, nextPrivateKey);
  progress("clientPrivateKey: the new private key, encrypted");
  await config.setSecret("clientPrivateKey", nextPrivateKey);
  progress("clientPublicKeys: only its public half");
  await config.set("clientPublicKeys", JSON.stringify([publicKey]));
  await context.deploy();
  const clientId = await prove(context, client, nextPrivateKey);
  // Last: as long as it is there, a rotation is on.
  await config.remove("clientNextPrivateKey");
  return { kind: "key", phase: "finished", clientId };
}

async function removeLeftovers(context: RotationContext, client: ClientConfig): Promise<RotationReport> {
  if (client.privateKey === undefined) throw noPrivateKey(context.stack);
  context.progress("no key is coming in: the client gets the keys that clientPublicKeys names");
  await context.deploy();
  return { kind: "key", phase: "finished", clientId: await prove(context, client, client.privateKey) };
}

async function prove(context: RotationContext, client: ClientConfig, privateKey: string): Promise<string> {
  const clientId = (await context.outputs())["managementClientId"];
  if (typeof clientId !== "string") throw notDeployed(context.stack);
  await context.prove({ domain: client.auth0Domain, clientId, privateKey });
  return clientId;
}

function tooManyKeys(stack: string): ExpectedError {
  return new ExpectedError(
    "client-keys-full",
    `clientPublicKeys of stack ${stack} holds two keys, and Auth0 takes no third one. Remove the one that is out of use from ` +
      "Pulumi's configuration, then run pictures rotate again.",
  );
}

function isBeingFinished(stack: string): ExpectedError {
  return new ExpectedError(
    "rotation-being-finished",
    `The rotation of stack ${stack} has taken the old key away already. Run pictures rotate --finish --stack ${stack}.`,
  );
}

function noPrivateKey(stack: string): ExpectedError {
  return new ExpectedError(
    "client-key-missing",
    `Stack ${stack} has no clientPrivateKey. Run pictures keys create --stack ${stack}.`,
  );
}

function notDeployed(stack: string): ExpectedError {
  return new ExpectedError(
    "rotation-not-deployed",
    `Stack ${stack} has no Management API client yet. Run pulumi up --stack ${stack} first.`,
  );
}
