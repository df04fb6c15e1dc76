import { X509Certificate } from "node:crypto";
import { certificateOf } from "../token/signing-certificate.ts";
import { createSigningKey } from "../token/signing-key.ts";
import { millisecondTimestamp } from "./ids-and-timestamps.ts";

/** A key with which the tenant would sign to a provider. Only its certificate is kept: nothing is signed here. */
export interface ConnectionKeyRecord {
  kid: string;
  algorithm: "RS256";
  key_use: "signing";
  subject_dn: string;
  cert: string;
  pkcs: string;
  /** SHA-1 of the certificate, with colons; `thumbprint` has none. */
  fingerprint: string;
  thumbprint: string;
  current?: true;
  current_since?: string;
  next?: true;
  previous?: true;
}

/** The first two of a connection: the one in use, and the one after it. */
export async function firstKeys(connectionName: string): Promise<ConnectionKeyRecord[]> {
  const [current, next] = await Promise.all([newKey(connectionName), newKey(connectionName)]);
  return [
    { ...current, current: true, current_since: millisecondTimestamp() },
    { ...next, next: true },
  ];
}

/** The next key comes into use, the one in use becomes the previous one, and there is a new next one, the last of the list. */
export async function rotatedKeys(
  keys: ConnectionKeyRecord[],
  connectionName: string,
): Promise<ConnectionKeyRecord[]> {
  const current = keys.find((key) => key.next);
  const previous = keys.find((key) => key.current);
  return [
    ...(current ? [{ ...bare(current), current: true as const, current_since: millisecondTimestamp() }] : []),
    ...(previous ? [{ ...bare(previous), previous: true as const }] : []),
    { ...(await newKey(connectionName)), next: true },
  ];
}

function bare(key: ConnectionKeyRecord): ConnectionKeyRecord {
  const { current: _, current_since: __, next: ___, previous: ____, ...rest } = key;
  return rest;
}

async function newKey(connectionName: string): Promise<ConnectionKeyRecord> {
  const key = await createSigningKey();
  const { cert, pkcs7, subject } = await certificateOf(key, connectionName);
  const { fingerprint } = new X509Certificate(cert);
  return {
    kid: key.kid,
    algorithm: "RS256",
    key_use: "signing",
    subject_dn: subject,
    cert,
    fingerprint,
    thumbprint: fingerprint.replaceAll(":", ""),
    pkcs: pkcs7,
  };
}
