import { envVar, filledText, type Environment } from "../../lib/environment.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { parseUrl } from "../../lib/url.ts";
import { isMap, type PropertyMap } from "../grpc/property-map.ts";

/** What the stand-in takes from the provider's configuration and its environment. */
export interface ProviderSettings {
  /** URL of the S3 server; always on this machine. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** PEM files whose certificates are trusted; none means those of Node. */
  readonly caFiles: readonly string[];
  /** The account that the credentials belong to. */
  readonly accountId: string;
  /** Whether to ask the server, before anything else, if it takes the credentials. */
  readonly checksCredentials: boolean;
}

const defaultAccountId = "000000000000";

/**
 * Reads the settings. Members of the configuration come as they are, or, from the Node SDK, as JSON texts.
 *
 * @throws ExpectedError `aws-region-missing`, `aws-credentials-missing`, `aws-endpoint-missing`, `aws-endpoint-not-local`,
 *   `aws-account-not-allowed` or `aws-setting-unknown`.
 */
export function readProviderSettings(config: PropertyMap, env: Environment): ProviderSettings {
  const accountId = envVar(env, "AUTH0_USER_PICTURES_LOCAL_ACCOUNT_ID") ?? defaultAccountId;
  const endpoint = readEndpoint(config, env);
  checkAccount(accountId, config);
  refuseDefaultTags(config);
  return {
    endpoint,
    region: readRegion(config, env),
    ...readCredentials(config, env),
    caFiles: [
      filledText(config["customCaBundle"]),
      envVar(env, "AWS_CA_BUNDLE"),
      envVar(env, "SSL_CERT_FILE"),
    ].filter((file) => file !== undefined),
    accountId,
    checksCredentials: json(config["skipCredentialsValidation"]) !== true,
  };
}

function readEndpoint(config: PropertyMap, env: Environment): string {
  const endpoint = configuredEndpoint(config) ?? envVar(env, "AWS_ENDPOINT_URL_S3");
  if (endpoint === undefined) {
    throw new ExpectedError(
      "aws-endpoint-missing",
      "This is the local stand-in of the AWS provider, and it has no S3 server: set AWS_ENDPOINT_URL_S3 to the local one (the commands of the local world do). " +
        "To deploy to AWS, use a project file without it.",
    );
  }
  if (isLoopback(endpoint)) return endpoint;
  throw new ExpectedError(
    "aws-endpoint-not-local",
    `This is the local stand-in of the AWS provider: it speaks to this machine only, not to ${endpoint}. ` +
      "Set AWS_ENDPOINT_URL_S3 to the local S3 server, or use a project file without the stand-in to deploy to AWS.",
  );
}

function configuredEndpoint(config: PropertyMap): string | undefined {
  const endpoints = json(config["endpoints"]);
  const maps = Array.isArray(endpoints) ? endpoints.filter(isMap) : [];
  return maps.map(({ s3 }) => filledText(s3)).find((url) => url !== undefined);
}

function isLoopback(endpoint: string): boolean {
  const url = parseUrl(endpoint);
  if (url === undefined) return false;
  const { hostname, protocol } = url;
  if (protocol !== "https:" && protocol !== "http:") return false;
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function readRegion(config: PropertyMap, env: Environment): string {
  const region =
    filledText(config["region"]) ?? envVar(env, "AWS_REGION") ?? envVar(env, "AWS_DEFAULT_REGION");
  if (region !== undefined) return region;
  throw new ExpectedError(
    "aws-region-missing",
    "The AWS provider has no region. Set config key aws:region, or AWS_REGION.",
  );
}

function readCredentials(config: PropertyMap, env: Environment) {
  const accessKeyId = filledText(config["accessKey"]) ?? envVar(env, "AWS_ACCESS_KEY_ID");
  const secretAccessKey = filledText(config["secretKey"]) ?? envVar(env, "AWS_SECRET_ACCESS_KEY");
  if (accessKeyId !== undefined && secretAccessKey !== undefined) return { accessKeyId, secretAccessKey };
  throw new ExpectedError(
    "aws-credentials-missing",
    "The AWS provider has no credentials. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to the keys of the local S3 server.",
  );
}

/** The real provider compares the account that STS names. */
function checkAccount(accountId: string, config: PropertyMap): void {
  const allowed = texts(config["allowedAccountIds"]);
  const forbidden = texts(config["forbiddenAccountIds"]);
  if ((allowed.length === 0 || allowed.includes(accountId)) && !forbidden.includes(accountId)) return;
  const expected = allowed.length === 0 ? `any but ${forbidden.join(", ")}` : allowed.join(", ");
  throw new ExpectedError(
    "aws-account-not-allowed",
    `AWS account ID not allowed: the credentials belong to account ${accountId}, but the provider is for ${expected}. ` +
      "Select the stack of that account, or use the credentials of the right one.",
  );
}

/** A setting that changes every resource: to pass over it would deploy something else. */
function refuseDefaultTags(config: PropertyMap): void {
  if (config["defaultTags"] === undefined) return;
  throw new ExpectedError(
    "aws-setting-unknown",
    "The local stand-in of the AWS provider does not have defaultTags. Set tags on the resources, or add it to plugins/aws.",
  );
}

function texts(value: unknown): string[] {
  const list = json(value);
  return Array.isArray(list) ? list.filter((member) => typeof member === "string") : [];
}

/** The value, or what the JSON text says that it comes as. */
function json(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
