import { ExpectedError } from "../../lib/errors.ts";
import { terminalLines, type TerminalText } from "../../lib/terminal-text.ts";
import { isSameKey, newPrivateKey, publicKeyOf } from "./key-pair.ts";
import {
  readClientConfig,
  type ClientConfig,
  type RotationContext,
  type RotationReport,
} from "./rotation.ts";

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

/**
 * A client takes two public keys at Auth0. The configuration says where a rotation is: `clientNextPrivateKey` is there
 * from its beginning to its end, and `clientPublicKeys` holds both public halves until the old one goes.
 */

/** Adds a second key and proves it; again after a kill, it goes on where it was. */
async function beginKeyRotation(context: RotationContext, client: ClientConfig): Promise<RotationReport> {
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
    progress("clientPublicKeys: its public key, beside the one in use");
    await config.set("clientPublicKeys", JSON.stringify([...publicKeys, publicKey]));
  }
  await context.deploy();
  return { kind: "key", phase: "begun", clientId: await prove(context, client, privateKey) };
}

/**
 * Proves the new key, then takes the old one away. At every moment `clientPrivateKey` is a key that works, since the
 * commands use it. Again after a kill, it goes on where it was.
 */
async function finishKeyRotation(context: RotationContext, client: ClientConfig): Promise<RotationReport> {
  const { config, progress } = context;
  const { nextPrivateKey } = client;
  if (nextPrivateKey === undefined) return removeLeftovers(context, client);
  const publicKey = publicKeyOf(nextPrivateKey, "clientNextPrivateKey");
  await prove(context, client, nextPrivateKey);
  progress("clientPrivateKey: the new private key, encrypted");
  await config.setSecret("clientPrivateKey", nextPrivateKey);
  progress("clientPublicKeys: only its public key");
  await config.set("clientPublicKeys", JSON.stringify([publicKey]));
  await context.deploy();
  const clientId = await prove(context, client, nextPrivateKey);
  // Last: as long as it is there, a rotation is on.
  await config.remove("clientNextPrivateKey");
  return { kind: "key", phase: "finished", clientId };
}

async function removeLeftovers(context: RotationContext, client: ClientConfig): Promise<RotationReport> {
  if (client.privateKey === undefined) throw noPrivateKey(context.stack);
  context.progress("no new key: the client gets the keys in clientPublicKeys");
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
    `clientPublicKeys of stack ${stack} has two keys, and Auth0 does not accept a third one. Remove the unused one from ` +
      "Pulumi's configuration, then run pictures rotate again.",
  );
}

function isBeingFinished(stack: string): ExpectedError {
  return new ExpectedError(
    "rotation-being-finished",
    `The rotation of stack ${stack} has already removed the old key. Run pictures rotate --finish --stack ${stack}.`,
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

/**
 * A client has one secret at Auth0, so a secret is rotated by a second client. The configuration says where a
 * rotation is: `clientGenerations` holds two numbers from its beginning on, and the later one at its end.
 */
const key = "clientGenerations";

/** Adds the second client and proves it; again after a kill, it goes on where it was. */
async function beginSecretRotation(
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
async function finishSecretRotation(
  context: RotationContext,
  { auth0Domain, generations }: ClientConfig,
): Promise<RotationReport> {
  const [, next] = generations;
  if (next === undefined) context.progress(`${key} names one client: the rest of another one is removed`);
  else {
    await context.prove({ domain: auth0Domain, ...(await nextClient(context)) });
    context.progress(`${key}: only the new client`);
    await context.config.set(key, JSON.stringify([next]));
  }
  await context.deploy();
  const outputs = await context.outputs();
  const { clientId, clientSecret } = clientIn(outputs, "managementClient") ?? withoutNewSecret(context.stack);
  await context.prove({ domain: auth0Domain, clientId, clientSecret });
  return { kind: "secret", phase: "finished", clientId };
}

async function nextClient(context: RotationContext) {
  return clientIn(await context.outputs(), "nextManagementClient") ?? withoutNewSecret(context.stack);
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

function withoutNewSecret(stack: string): never {
  throw new ExpectedError(
    "rotation-not-deployed",
    `Stack ${stack} has no secret of the new client. Run pictures rotate --stack ${stack} (without --finish) first; if it did ` +
      "run, the deploying credentials lack read:client_keys, without which Auth0 shows no secret.",
  );
}

/** What people have to know, and do, after a phase of a rotation. Names where a secret is, never the secret. */
export function describeRotation(stack: string, { kind, phase, clientId }: RotationReport): TerminalText {
  if (phase === "finished") {
    return terminalLines([
      `Finished. Client ${clientId} works with its new ${kind}; the old ${kind} is gone.`,
      commitHint(stack),
    ]);
  }
  return terminalLines([
    `The new ${kind} works; so does the old one.`,
    "",
    "Now switch every program that uses the old one:",
    ...(kind === "secret" ? movedSecret(stack, clientId) : movedKey(stack)),
    "Commands that take their credentials from the stack's outputs switch automatically.",
    "",
    `Then: pictures rotate --finish --stack ${stack}`,
    commitHint(stack),
  ]);
}

function movedSecret(stack: string, clientId: string): string[] {
  return [
    `  PICTURES_CLIENT_ID      ${clientId} (it is another client)`,
    `  PICTURES_CLIENT_SECRET  pulumi stack output nextManagementClientSecret --show-secrets --stack ${stack}`,
  ];
}

function movedKey(stack: string): string[] {
  return [`  PICTURES_PRIVATE_KEY_FILE  pulumi config get clientNextPrivateKey --stack ${stack}`];
}

function commitHint(stack: string): string {
  return `Pulumi.${stack}.yaml has changed: commit it; otherwise a deployment from another machine undoes this.`;
}
