import { createHash, createPublicKey, X509Certificate, type KeyObject } from "node:crypto";
import { calculateJwkThumbprint } from "jose";
import { millisecondTimestamp, randomAlphanumeric } from "./ids-and-timestamps.ts";

/** A public key of an application, or a certificate that it shows; which fields it has depends on its type. */
export interface ClientCredentialRecord {
  id: string;
  name?: string;
  credential_type: string;
  kid?: string;
  alg?: string;
  subject_dn?: string;
  thumbprint_sha256?: string;
  created_at: string;
  updated_at: string;
  expires_at?: string;
  /** SubjectPublicKeyInfo PEM of a `public_key`; never returned. */
  publicKeyPem?: string;
}

export interface CredentialInput {
  name?: string;
  credential_type: string;
  subject_dn?: string;
  pem?: string;
  alg?: string;
  kid?: string;
  parse_expiry_from_cert?: boolean;
  expires_at?: string;
}

/** Throws where `pem` is no key or certificate, whichever the type needs. */
export async function newCredential(input: CredentialInput): Promise<ClientCredentialRecord> {
  const { credential_type, name } = input;
  const now = millisecondTimestamp();
  const base = {
    id: `cred_${randomAlphanumeric(22)}`,
    ...(name === undefined ? {} : { name }),
    credential_type,
    created_at: now,
    updated_at: now,
  };
  if (credential_type === "cert_subject_dn") {
    return { ...base, subject_dn: input.subject_dn ?? new X509Certificate(input.pem ?? "").subject };
  }
  if (credential_type === "x509_cert") {
    const certificate = new X509Certificate(input.pem ?? "");
    const thumbprint_sha256 = createHash("sha256").update(certificate.raw).digest("base64url");
    return { ...base, thumbprint_sha256, expires_at: endOf(certificate) };
  }
  return { ...base, ...(await publicKeyFields(input)) };
}

async function publicKeyFields(input: CredentialInput): Promise<Partial<ClientCredentialRecord>> {
  const { key, notAfter } = publicKeyOf(input.pem ?? "");
  const expiresAt = input.parse_expiry_from_cert === true ? notAfter : input.expires_at;
  return {
    // RFC 7638: the Terraform provider computes it too, and takes another one for a key that was exchanged.
    kid: input.kid ?? (await calculateJwkThumbprint(key)),
    alg: input.alg ?? "RS256",
    ...(expiresAt === undefined ? {} : { expires_at: inMilliseconds(expiresAt) }),
    publicKeyPem: key.export({ type: "spki", format: "pem" }).toString(),
  };
}

function publicKeyOf(pem: string): { key: KeyObject; notAfter?: string } {
  if (!pem.includes("BEGIN CERTIFICATE")) return { key: createPublicKey(pem) };
  const certificate = new X509Certificate(pem);
  return { key: certificate.publicKey, notAfter: endOf(certificate) };
}

function endOf({ validTo }: X509Certificate): string {
  return inMilliseconds(validTo);
}

/** The form in which the API shows any time that it was given. */
export function inMilliseconds(time: string): string {
  return new Date(time).toISOString();
}
