import { generateKeyPairSync } from "node:crypto";

/** A new pair of RSA keys as PEM: SPKI and PKCS 8. */
export function testKeyPair(modulusLength = 2048): {
  readonly publicKey: string;
  readonly privateKey: string;
} {
  return generateKeyPairSync("rsa", {
    modulusLength,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
}
