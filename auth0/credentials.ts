import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { readDomain } from "../lib/url.ts";
import { callerFolder, envVar, type Environment } from "../lib/environment.ts";
import { ExpectedError } from "../lib/errors.ts";
import { decodeText } from "../lib/text-encoding.ts";
import { requestManagementToken, tokenClaims, type ManagementAuth } from "./management-token.ts";

/** Who asks the Management API, and where that was found. Never shown: it holds a secret. */
export interface ManagementCredentials {
  /** The tenant's own domain, without https://. */
  readonly domain: string;
  readonly source: CredentialSource;
  readonly clientAuth: ManagementAuth;
}

/** The variables that gave the credentials, or the stack's outputs. */
export type CredentialSource = "AUTH0_*" | "PICTURES_*" | "stack outputs";

/** The variables that the Auth0 provider reads as well, each undefined where it is not set. Their rules are the caller's. */
interface Auth0Values {
  /** `AUTH0_DOMAIN`, in lower case, without https:// and a final slash. */
  readonly domain: string | undefined;
  /** `AUTH0_API_TOKEN`, which goes before the client. */
  readonly token: string | undefined;
  /** `AUTH0_CLIENT_ID` */
  readonly clientId: string | undefined;
  /** `AUTH0_CLIENT_SECRET` */
  readonly clientSecret: string | undefined;
}

/** Reading its `domain` throws ExpectedError `auth0-domain-invalid` where the variable is wrong. */
export function auth0Values(env: Environment): Auth0Values {
  return {
    get domain() {
      return domainVariable(env, "AUTH0_DOMAIN");
    },
    token: envVar(env, "AUTH0_API_TOKEN"),
    clientId: envVar(env, "AUTH0_CLIENT_ID"),
    clientSecret: envVar(env, "AUTH0_CLIENT_SECRET"),
  };
}

function domainVariable(env: Environment, name: string): string | undefined {
  const text = envVar(env, name);
  return text === undefined ? undefined : domainIn(text, name);
}

/**
 * The tenant's domain that `text` names, in lower case, without https:// and a final slash.
 *
 * @param name For people: the variable or the configuration key that holds it.
 * @throws ExpectedError `auth0-domain-invalid`.
 */
export function domainIn(text: string, name: string): string {
  const read = readDomain(text);
  if ("domain" in read) return read.domain;
  const message = `${name} (${JSON.stringify(text)}) ${read.why}. Use the tenant's domain by itself, such as acme-dev.eu.auth0.com.`;
  throw new ExpectedError("auth0-domain-invalid", message);
}

/**
 * The credentials in the variables that the Auth0 provider reads as well: `AUTH0_API_TOKEN`, or `AUTH0_CLIENT_ID` and
 * `AUTH0_CLIENT_SECRET`, with `AUTH0_DOMAIN`.
 *
 * @param stackDomain The stack's tenant, which stands in for a missing `AUTH0_DOMAIN`.
 * @returns undefined where none of them is set; `AUTH0_DOMAIN` by itself does not count.
 * @throws ExpectedError `credentials-incomplete` or `auth0-domain-invalid`.
 */
export function auth0Variables(
  env: Environment,
  stackDomain: string | undefined,
): ManagementCredentials | undefined {
  const { domain = stackDomain, token, clientId, clientSecret } = auth0Values(env);
  const missingDomain = domain === undefined ? ["AUTH0_DOMAIN"] : [];
  if (token !== undefined) {
    if (domain === undefined) throw incompleteCredentials("AUTH0_API_TOKEN", missingDomain);
    return { domain, source: "AUTH0_*", clientAuth: { token } };
  }
  if (clientId === undefined && clientSecret === undefined) return undefined;
  if (clientId === undefined)
    throw incompleteCredentials("AUTH0_CLIENT_SECRET", ["AUTH0_CLIENT_ID", ...missingDomain]);
  if (clientSecret === undefined || domain === undefined) {
    const missingSecret = clientSecret === undefined ? ["AUTH0_CLIENT_SECRET"] : [];
    throw incompleteCredentials("AUTH0_CLIENT_ID", [...missingSecret, ...missingDomain]);
  }
  return { domain, source: "AUTH0_*", clientAuth: { clientId, clientSecret } };
}

/**
 * The credentials of people without Pulumi: `PICTURES_DOMAIN`, `PICTURES_CLIENT_ID`, and `PICTURES_CLIENT_SECRET` or
 * `PICTURES_PRIVATE_KEY_FILE`, the name of a PEM file.
 *
 * @param stackDomain The stack's tenant, which stands in for a missing `PICTURES_DOMAIN`.
 * @returns undefined where there is no `PICTURES_CLIENT_ID`.
 * @throws ExpectedError `credentials-incomplete`, `auth0-domain-invalid` or `private-key-unreadable`.
 */
export function picturesVariables(
  env: Environment,
  stackDomain: string | undefined,
): ManagementCredentials | undefined {
  const clientId = envVar(env, "PICTURES_CLIENT_ID");
  if (clientId === undefined) return undefined;
  const clientSecret = envVar(env, "PICTURES_CLIENT_SECRET");
  const keyFile = envVar(env, "PICTURES_PRIVATE_KEY_FILE");
  const domain = domainVariable(env, "PICTURES_DOMAIN") ?? stackDomain;
  const missing = [
    ...(domain === undefined ? ["PICTURES_DOMAIN"] : []),
    ...(clientSecret === undefined && keyFile === undefined
      ? ["PICTURES_CLIENT_SECRET (or PICTURES_PRIVATE_KEY_FILE)"]
      : []),
  ];
  if (domain === undefined || missing.length > 0) throw incompleteCredentials("PICTURES_CLIENT_ID", missing);
  const clientAuth =
    clientSecret === undefined
      ? { clientId, privateKey: readKey(keyFile ?? "") }
      : { clientId, clientSecret };
  return { domain, source: "PICTURES_*", clientAuth };
}

function readKey(file: string): string {
  try {
    return decodeText(readFileSync(resolve(callerFolder(), file)));
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

/**
 * The credentials of a deployment, which must be in the variables that the Auth0 provider reads, and the stack's tenant's,
 * so that nothing is created in another one. Nothing is asked of the tenant.
 *
 * @throws ExpectedError `auth0-credentials-missing`, `auth0-domain-invalid`, `auth0-wrong-tenant` or
 *   `auth0-credentials-refused`.
 */
export async function deployCredentials(
  stack: string,
  domain: string,
  env: Environment,
): Promise<ManagementCredentials> {
  const { domain: named, token, clientId, clientSecret } = auth0Values(env);
  if (named !== undefined && named !== domain) {
    throw new ExpectedError(
      "auth0-wrong-tenant",
      `AUTH0_DOMAIN is ${named}, but stack ${stack} manages ${domain} (config key auth0Domain). ` +
        `Select the stack of that tenant, or use the credentials of ${domain}.`,
    );
  }
  if (token !== undefined) {
    await checkToken(stack, domain, token);
    return { domain, source: "AUTH0_*", clientAuth: { token } };
  }
  if (named === undefined || clientId === undefined || clientSecret === undefined) {
    throw missingCredentials(domain, {
      AUTH0_DOMAIN: named,
      AUTH0_CLIENT_ID: clientId,
      AUTH0_CLIENT_SECRET: clientSecret,
    });
  }
  return { domain, source: "AUTH0_*", clientAuth: { clientId, clientSecret } };
}

function missingCredentials(domain: string, variables: Environment): ExpectedError {
  const missing = Object.keys(variables).filter((name) => variables[name] === undefined);
  return new ExpectedError(
    "auth0-credentials-missing",
    `${new Intl.ListFormat("en").format(missing)} ${missing.length === 1 ? "is" : "are"} not set. Set AUTH0_DOMAIN=${domain} and the ` +
      `AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET of a machine-to-machine application of that tenant.`,
  );
}

/**
 * Fails unless `AUTH0_API_TOKEN` is the stack's tenant's and still valid. A token names the tenant that issued it and its end;
 * Auth0 itself checks the signature when it is used.
 *
 * @throws ExpectedError `auth0-wrong-tenant` or `auth0-credentials-refused`.
 */
export async function checkToken(stack: string, domain: string, token: string): Promise<void> {
  const { iss: issuer, exp: end } = await tokenClaims(token);
  if (issuer !== `https://${domain}/`) {
    throw new ExpectedError(
      "auth0-wrong-tenant",
      `AUTH0_API_TOKEN was issued by ${typeof issuer === "string" ? issuer : "an issuer that it does not name"}, but stack ${stack} ` +
        `manages ${domain} (config key auth0Domain). Use a Management API token of that tenant.`,
    );
  }
  if (typeof end === "number" && end * 1000 <= Date.now()) {
    const message = `AUTH0_API_TOKEN is no longer valid. Use a new Management API token of ${domain}.`;
    throw new ExpectedError("auth0-credentials-refused", message);
  }
}

/**
 * Fails unless the tenant gives a token for the credentials of a deployment. A token among them was looked at already.
 *
 * @throws ExpectedError as `deployCredentials` does, `auth0-credentials-refused` or `auth0-unreachable`.
 */
export async function checkDeployCredentials(stack: string, domain: string, env: Environment): Promise<void> {
  const { clientAuth } = await deployCredentials(stack, domain, env);
  if ("token" in clientAuth) return;
  const refused = (status: number) =>
    new ExpectedError(
      "auth0-credentials-refused",
      `${domain} refuses AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET (status ${status}). Check that they are those of ` +
        `a machine-to-machine application of the tenant of stack ${stack}, authorized for the Auth0 Management API.`,
    );
  await requestManagementToken({ domain, ...clientAuth }, { refused });
}
