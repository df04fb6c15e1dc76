import { createHmac } from "node:crypto";

/** The two form fields of a DiscourseConnect message. */
export interface SignedPayload {
  /** The fields as a query string, in Base64 without line breaks. */
  readonly sso: string;
  /** HMAC-SHA256 of `sso` in hexadecimal. */
  readonly sig: string;
}

/** Signs a DiscourseConnect message with the secret that the forum shares (`discourse_connect_secret`). */
export function signPayload(fields: Readonly<Record<string, string>>, secret: string): SignedPayload {
  const sso = Buffer.from(new URLSearchParams(fields).toString()).toString("base64");
  return { sso, sig: createHmac("sha256", secret).update(sso).digest("hex") };
}
