import { X509Certificate } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { CertificateFiles } from "./certificate-files.ts";
import { issueAuthority, issueLeaf } from "./issue-certificates.ts";
import { createKeyPair, keyPairFromPem, privateKeyPem } from "./key-pair.ts";
import type { PairFiles, StoredPair } from "./stored-pair.ts";
import { readUsablePair, writePair } from "./stored-pair.ts";
import { x509 } from "./x509.ts";

const dayMs = 24 * 60 * 60 * 1000;
/** What is left of a certificate's life when it is renewed. */
const authorityMarginMs = 400 * dayMs;
const leafMarginMs = 30 * dayMs;

/**
 * Makes, at the first call, a certificate authority and a server certificate for this machine in `dir`, and finds them
 * there afterwards. The authority may only vouch for localhost, and nobody but the programs that are given `caFile`
 * trusts it: the system's trust is never touched. Files that are broken, do not belong together or are close to their
 * end are made anew; a renewed server certificate keeps its authority.
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
