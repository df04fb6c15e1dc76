import { x509 } from "../../local/certificates/x509.ts";
import type { SigningKey } from "./signing-key.ts";

/** What every application shows as its `signing_keys`: the tenant's key as a certificate, alone and as a PKCS #7 chain. */
export interface SigningCertificate {
  cert: string;
  pkcs7: string;
  subject: string;
}

const tenYearsMs = 10 * 365 * 24 * 60 * 60 * 1000;

/** The tenant's: named after its host. */
export function signingCertificateOf(key: SigningKey, domain: string): Promise<SigningCertificate> {
  const [host = domain] = domain.split(":");
  return certificateOf(key, host);
}

/** Any key as a certificate that it signs itself. */
export async function certificateOf(key: SigningKey, commonName: string): Promise<SigningCertificate> {
  const now = Date.now();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${commonName}`,
    notBefore: new Date(now),
    notAfter: new Date(now + tenYearsMs),
    signingAlgorithm: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
    keys: { privateKey: key.privateKey, publicKey: key.publicKey },
  });
  const chain = Buffer.from(new x509.X509Certificates(certificate).export("raw")).toString("base64");
  const lines = chain.match(/.{1,64}/g) ?? [];
  return {
    cert: `${certificate.toString("pem")}\n`,
    pkcs7: ["-----BEGIN PKCS7-----", ...lines, "-----END PKCS7-----", ""].join("\n"),
    subject: `/CN=${commonName}`,
  };
}
