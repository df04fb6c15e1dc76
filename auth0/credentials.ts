import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { callerFolder, given, type Environment } from "../lib/environment.ts";
import { ExpectedError } from "../lib/errors.ts";

/** Who asks the Management API, and where that was found. Never shown: it holds a secret. */
export interface ManagementCredentials {
  /** The tenant's own domain, without https://. */
  readonly domain: string;
  readonly source: CredentialSource;
  readonly proof: ManagementProof;
}

/** The variables that gave the credentials, or the stack's outputs. */
export type CredentialSource = "AUTH0_*" | "PICTURES_*" | "stack outputs";

export type ManagementProof =
  /** A Management API token that was requested elsewhere. */
  | { readonly token: string }
  | { readonly clientId: string; readonly clientSecret: string }
  /** PEM of the private key of a client that authenticates by `private_key_jwt`. */
  | { readonly clientId: string; readonly privateKey: string };

/**
 * The credentials in the variables that the Auth0 provider reads as well: `AUTH0_API_TOKEN`, or `AUTH0_CLIENT_ID` and
 * `AUTH0_CLIENT_SECRET`, with `AUTH0_DOMAIN`.
 *
 * @param stackDomain The stack's tenant, which stands in for a missing `AUTH0_DOMAIN`.
 * @returns undefined where none of them is set; `AUTH0_DOMAIN` by itself does not count.
 * @throws ExpectedError `credentials-incomplete`.
 */
export function auth0Variables(
  env: Environment,
  stackDomain: string | undefined,
): ManagementCredentials | undefined {
  const token = given(env, "AUTH0_API_TOKEN");
  const clientId = given(env, "AUTH0_CLIENT_ID");
  const clientSecret = given(env, "AUTH0_CLIENT_SECRET");
  const domain = given(env, "AUTH0_DOMAIN") ?? stackDomain;
  const missingDomain = domain === undefined ? ["AUTH0_DOMAIN"] : [];
  if (token !== undefined) {
    if (domain === undefined) throw incompleteCredentials("AUTH0_API_TOKEN", missingDomain);
    return { domain, source: "AUTH0_*", proof: { token } };
  }
  if (clientId === undefined && clientSecret === undefined) return undefined;
  if (clientId === undefined)
    throw incompleteCredentials("AUTH0_CLIENT_SECRET", ["AUTH0_CLIENT_ID", ...missingDomain]);
  if (clientSecret === undefined || domain === undefined) {
    const missingSecret = clientSecret === undefined ? ["AUTH0_CLIENT_SECRET"] : [];
    throw incompleteCredentials("AUTH0_CLIENT_ID", [...missingSecret, ...missingDomain]);
  }
  return { domain, source: "AUTH0_*", proof: { clientId, clientSecret } };
}

/**
 * The credentials of people without Pulumi: `PICTURES_DOMAIN`, `PICTURES_CLIENT_ID`, and `PICTURES_CLIENT_SECRET` or
 * `PICTURES_PRIVATE_KEY_FILE`, the name of a PEM file.
 *
 * @param stackDomain The stack's tenant, which stands in for a missing `PICTURES_DOMAIN`.
 * @returns undefined where there is no `PICTURES_CLIENT_ID`.
 * @throws ExpectedError `credentials-incomplete` or `private-key-unreadable`.
 */
export function picturesVariables(
  env: Environment,
  stackDomain: string | undefined,
): ManagementCredentials | undefined {
  const clientId = given(env, "PICTURES_CLIENT_ID");
  if (clientId === undefined) return undefined;
  const clientSecret = given(env, "PICTURES_CLIENT_SECRET");
  const keyFile = given(env, "PICTURES_PRIVATE_KEY_FILE");
  const domain = given(env, "PICTURES_DOMAIN") ?? stackDomain;
  const missing = [
    ...(domain === undefined ? ["PICTURES_DOMAIN"] : []),
    ...(clientSecret === undefined && keyFile === undefined
      ? ["PICTURES_CLIENT_SECRET (or PICTURES_PRIVATE_KEY_FILE)"]
      : []),
  ];
  if (domain === undefined || missing.length > 0) throw incompleteCredentials("PICTURES_CLIENT_ID", missing);
  const proof =
    clientSecret === undefined
      ? { clientId, privateKey: readKey(keyFile ?? "") }
      : { clientId, clientSecret };
  return { domain, source: "PICTURES_*", proof };
}

function readKey(file: string): string {
  try {
    return readFileSync(resolve(callerFolder(), file), "utf8");
  } catch (cause) {
    const message = `PICTURES_PRIVATE_KEY_FILE (${file}) cannot be read. Name the PEM file of the client's private key.`;
    throw new ExpectedError("private-key-unreadable", message, { cause });
  }
}

/** Some variables of a set are there and these are not. Others are not taken instead: the person meant these. */
function incompleteCredentials(present: string, missing: readonly string[]): ExpectedError {
  const names = new Intl.ListFormat("en").format(missing);
  const are = missing.length === 1 ? "is" : "are";
  return new ExpectedError(
    "credentials-incomplete",
    `${present} is set, but ${names} ${are} not. Set ${missing.length === 1 ? "it" : "them"} too, or unset ${present}.`,
  );
}
