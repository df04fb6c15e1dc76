import type { CryptoKey, JWK } from "jose";
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";

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

async function createSigningKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  const kid = await calculateJwkThumbprint(await exportJWK(publicKey));
  const privateJwk = { ...(await exportJWK(privateKey)), kid, alg: "RS256", use: "sig" };
  return { kid, privateKey, publicKey, privateJwk };
}
