import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { ExpectedError } from "../../infra/expected-error.ts";

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

/** Whether two public keys are one, whatever form of PEM each has. */
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
      `Config key ${key} holds no private key in PEM form. Remove it (pulumi config rm ${key}) and make a new one.`,
    );
  }
}

function pemOf(key: KeyObject): string {
  return key.export({ type: "spki", format: "pem" }).toString();
}
