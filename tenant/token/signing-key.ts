import type { CryptoKey, JWK } from "jose";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK } from "jose";

/** The tenant's RS256 key: it signs Management tokens and ID tokens, and /.well-known/jwks.json publishes its public half. */
export interface SigningKey {
  kid: string;
  privateKey: CryptoKey;
  publicKey: CryptoKey;
  privateJwk: JWK;
}

let processKey: Promise<SigningKey> | undefined;

/** One key for each process: tokens of an earlier run are worthless, and tenants beside each other share the effort. */
export function signingKeyOfProcess(): Promise<SigningKey> {
  processKey ??= createSigningKey();
  return processKey;
}

/** The key whose `privateJwk` was stored. Throws if it is not an RSA key. */
export async function storedSigningKey(privateJwk: JWK): Promise<SigningKey> {
  const { kty, n, e, kid } = privateJwk;
  if (kty !== "RSA" || n === undefined || e === undefined || kid === undefined) {
    throw new TypeError("A stored signing key must be an RSA key with a kid.");
  }
  const [privateKey, publicKey] = await Promise.all([
    importJWK({ ...privateJwk }, "RS256", { extractable: true }),
    importJWK({ kty, n, e }, "RS256", { extractable: true }),
  ]);
  return { kid, privateKey: privateKey as CryptoKey, publicKey: publicKey as CryptoKey, privateJwk };
}

/** A new RS256 key. Its `kid` is the thumbprint of RFC 7638. */
export async function createSigningKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  const kid = await calculateJwkThumbprint(await exportJWK(publicKey));
  const privateJwk = { ...(await exportJWK(privateKey)), kid, alg: "RS256", use: "sig" };
  return { kid, privateKey, publicKey, privateJwk };
}
