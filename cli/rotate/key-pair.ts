import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { ExpectedError } from "../../lib/errors.ts";
import type { StackConfig } from "../pulumi/stack-config.ts";
import { readClientConfig } from "./rotation.ts";

/** A new RSA private key, as PKCS 8 PEM. Auth0's documentation has 2048 bits; its upper limit is not documented. */
export function newPrivateKey(): string {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return privateKey;
}

/**
 * The public half as SPKI PEM.
 *
 * @param key The config key that the private half is from, for the error.
 * @throws ExpectedError `client-key-broken`, which quotes nothing.
 */
export function publicKeyOf(privateKey: string, key: string): string {
  return pemOf(createPublicKey(readPrivateKey(privateKey, key)));
}

/** Whether two public keys are the same, in any form of PEM. */
export function isSameKey(a: string, b: string): boolean {
  return pemOf(createPublicKey(a)) === pemOf(createPublicKey(b));
}

function readPrivateKey(pem: string, key: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // The cause is left out: it could quote the key.
    throw new ExpectedError(
      "client-key-broken",
      `Config key ${key} is not a private key in PEM form. Remove it (pulumi config rm ${key}) and create a new one.`,
    );
  }
}

function pemOf(key: KeyObject): string {
  return key.export({ type: "spki", format: "pem" }).toString();
}

interface CreatedKeys {
  /** PEM. */
  readonly publicKey: string;
  /** Whether the client uses keys already; else that is to be configured. */
  readonly isInUse: boolean;
}

/**
 * Makes the first pair of keys of a stack's client: the public half into its configuration, the private half there too,
 * encrypted. Again after a kill, it takes the private half that is there.
 *
 * @throws ExpectedError `client-keys-exist`, or what is wrong with the configuration.
 */
export async function createKeys(stack: string, config: StackConfig): Promise<CreatedKeys> {
  const client = await readClientConfig(stack, config);
  if (client.publicKeys.length > 0) {
    throw new ExpectedError(
      "client-keys-exist",
      `Stack ${stack} already has keys (clientPublicKeys). To replace them without a gap, run pictures rotate --stack ${stack}.`,
    );
  }
  const privateKey = client.privateKey ?? newPrivateKey();
  if (client.privateKey === undefined) await config.setSecret("clientPrivateKey", privateKey);
  const publicKey = publicKeyOf(privateKey, "clientPrivateKey");
  await config.set("clientPublicKeys", JSON.stringify([publicKey]));
  return { publicKey, isInUse: client.authentication === "private_key_jwt" };
}
