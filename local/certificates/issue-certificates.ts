import { createPrivateKey, createPublicKey, randomBytes, webcrypto } from "node:crypto";
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
  // The name is unique: two authorities under one name confuse programs that trust an older one.
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

const algorithm = { name: "ECDSA", namedCurve: "P-256" };

/** What signs a certificate, with the same algorithm as the keys. */
export const signingAlgorithm = { ...algorithm, hash: "SHA-256" };

export async function createKeyPair(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

/** The private key as PKCS #8 PEM. */
export async function privateKeyPem(keys: webcrypto.CryptoKeyPair): Promise<string> {
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
  return createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" })
    .export({ format: "pem", type: "pkcs8" })
    .toString();
}

/** Throws if the PEM is not a P-256 private key. */
export async function keyPairFromPem(pem: string): Promise<webcrypto.CryptoKeyPair> {
  const key = createPrivateKey(pem);
  const pkcs8 = key.export({ format: "der", type: "pkcs8" });
  const spki = createPublicKey(key).export({ format: "der", type: "spki" });
  return {
    privateKey: await webcrypto.subtle.importKey("pkcs8", pkcs8, algorithm, true, ["sign"]),
    publicKey: await webcrypto.subtle.importKey("spki", spki, algorithm, true, ["verify"]),
  };
}

const nameConstraintsId = "2.5.29.30";

/** One DER value: tag, length below 128, content. */
function der(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag, body.length]), body]);
}

function permittedName(tag: number, content: Buffer): Buffer {
  return der(0x30, der(tag, content));
}

/**
 * The critical extension (RFC 5280, 4.2.1.10) that limits an authority to `localhost`, 127.0.0.1 and ::1: whoever
 * got hold of its key could not pass for any other site. The library has no class for it, so the DER is put together here.
 */
function localhostOnly(): x509.Extension {
  const dnsName = 0x82;
  const ipAddress = 0x87;
  const loopback4 = Buffer.from([127, 0, 0, 1]);
  const loopback6 = Buffer.concat([Buffer.alloc(15), Buffer.from([1])]);
  const permitted = der(
    0xa0,
    permittedName(dnsName, Buffer.from("localhost")),
    permittedName(ipAddress, Buffer.concat([loopback4, Buffer.alloc(4, 0xff)])),
    permittedName(ipAddress, Buffer.concat([loopback6, Buffer.alloc(16, 0xff)])),
  );
  return new x509.Extension(nameConstraintsId, true, der(0x30, permitted));
}
