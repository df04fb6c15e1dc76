import { randomBytes } from "node:crypto";
import type { webcrypto } from "node:crypto";
import { signingAlgorithm } from "./key-pair.ts";
import { localhostOnly } from "./name-constraints.ts";
import { x509 } from "./x509.ts";

const dayMs = 24 * 60 * 60 * 1000;
const authorityDays = 3650;
/** Apple's clients refuse server certificates that are valid for more than 825 days. */
const leafDays = 397;

function validity(days: number): { notBefore: Date; notAfter: Date } {
  // An hour back: clocks of containers and their hosts differ.
  return { notBefore: new Date(Date.now() - dayMs / 24), notAfter: new Date(Date.now() + days * dayMs) };
}

function serialNumber(): string {
  // Positive whatever the random bits are.
  return `01${randomBytes(15).toString("hex")}`;
}

/** A self-signed authority for this folder only, limited to this machine's own names. */
export async function issueAuthority(keys: webcrypto.CryptoKeyPair): Promise<x509.X509Certificate> {
  // The name is unique: two authorities under one name confuse whoever trusts an older one.
  const name = `CN=Local authority ${randomBytes(4).toString("hex")}, O=auth0-user-pictures`;
  return x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name,
    keys,
    signingAlgorithm,
    ...validity(authorityDays),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      localhostOnly(),
    ],
  });
}

/** A server certificate for localhost, 127.0.0.1 and ::1. */
export async function issueLeaf(
  authority: x509.X509Certificate,
  authorityKeys: webcrypto.CryptoKeyPair,
  leafKeys: webcrypto.CryptoKeyPair,
): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: "CN=localhost, O=auth0-user-pictures",
    issuer: authority.subjectName,
    publicKey: leafKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    signingAlgorithm,
    ...validity(leafDays),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: "dns", value: "localhost" },
        { type: "ip", value: "127.0.0.1" },
        { type: "ip", value: "::1" },
      ]),
      await x509.SubjectKeyIdentifierExtension.create(leafKeys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
}
