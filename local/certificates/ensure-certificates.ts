import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../../lib/durable-file.ts";
import {
  createKeyPair,
  issueAuthority,
  issueLeaf,
  keyPairFromPem,
  privateKeyPem,
} from "./issue-certificates.ts";
import { x509 } from "./x509.ts";

const dayMs = 24 * 60 * 60 * 1000;
/** What is left of a certificate's life when it is renewed. */
const authorityMarginMs = 400 * dayMs;
const leafMarginMs = 30 * dayMs;

/**
 * Makes, at the first call, a certificate authority and a server certificate for this machine in `dir`, and finds them
 * there afterwards. The authority may only vouch for localhost, and nobody but the programs that are given `caFile`
 * trusts it: the system's trust is never touched. Files that are broken, do not belong together or are close to their
 * end are created again; a renewed server certificate keeps its authority.
 */
export async function ensureCertificates(dir: string): Promise<CertificateFiles> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const caFiles: PairFiles = { certificate: join(dir, "ca.pem"), key: join(dir, "ca-key.pem") };
  const leafFiles: PairFiles = { certificate: join(dir, "cert.pem"), key: join(dir, "key.pem") };

  const authority = (await readUsablePair(caFiles, authorityMarginMs)) ?? (await createAuthority(caFiles));
  const leaf = await readUsablePair(leafFiles, leafMarginMs);
  if (!leaf || !isIssuedBy(leaf, authority)) await createLeaf(leafFiles, authority);

  return { caFile: caFiles.certificate, certFile: leafFiles.certificate, keyFile: leafFiles.key };
}

function isIssuedBy(leaf: StoredPair, authority: StoredPair): boolean {
  const issuer = new X509Certificate(authority.certificate);
  return new X509Certificate(leaf.certificate).verify(issuer.publicKey);
}

async function createAuthority(files: PairFiles): Promise<StoredPair> {
  const keys = await createKeyPair();
  const certificate = await issueAuthority(keys);
  const pair = { certificate: pem(certificate), key: await privateKeyPem(keys) };
  await writePair(files, pair);
  return pair;
}

async function createLeaf(files: PairFiles, authority: StoredPair): Promise<void> {
  const keys = await createKeyPair();
  const issuer = new x509.X509Certificate(authority.certificate);
  const certificate = await issueLeaf(issuer, await keyPairFromPem(authority.key), keys);
  await writePair(files, { certificate: pem(certificate), key: await privateKeyPem(keys) });
}

function pem(certificate: x509.X509Certificate): string {
  return `${certificate.toString("pem")}\n`;
}

/** Where {@link ensureCertificates} left its files: absolute or relative as the folder was given. */
export interface CertificateFiles {
  /** The local authority's certificate, PEM: what a client has to trust. */
  caFile: string;
  /** The server's certificate, PEM: localhost, 127.0.0.1 and ::1. */
  certFile: string;
  /** The server's private key, PKCS #8 PEM, mode 0600. */
  keyFile: string;
}

/** A certificate and its private key as they lie in the folder, both PEM. */
interface StoredPair {
  certificate: string;
  key: string;
}

interface PairFiles {
  certificate: string;
  key: string;
}

/**
 * Reads a pair that still serves: both files whole, the key the certificate's own, and neither outside its validity
 * nor within `marginMs` of its end. Anything else is `undefined`, for the caller to create again.
 */
async function readUsablePair(files: PairFiles, marginMs: number): Promise<StoredPair | undefined> {
  try {
    const [certificate, key] = await Promise.all([
      readFile(files.certificate, "utf8"),
      readFile(files.key, "utf8"),
    ]);
    const parsed = new X509Certificate(certificate);
    const usable =
      parsed.checkPrivateKey(createPrivateKey(key)) &&
      Date.parse(parsed.validFrom) <= Date.now() &&
      Date.parse(parsed.validTo) - marginMs > Date.now();
    return usable ? { certificate, key } : undefined;
  } catch {
    // Missing, cut off or not PEM: all the same to the caller.
    return undefined;
  }
}

/** Writes both files atomically, so that no reader sees half of one; the key with mode 0600. */
async function writePair(files: PairFiles, pair: StoredPair): Promise<void> {
  await replaceFile(files.key, pair.key, { mode: 0o600 });
  await replaceFile(files.certificate, pair.certificate, { mode: 0o644 });
}
