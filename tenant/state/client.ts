import { isJsonObject, type JsonObject, type JsonValue } from "../../lib/json.ts";
import { randomAlphanumeric, randomSecret } from "./ids-and-timestamps.ts";
import { mergedMetadata } from "./user.ts";

/** An application. Any field that the tenant has no use for is kept as it was sent. */
export interface ClientRecord {
  client_id: string;
  client_secret: string;
  name: string;
  grant_types: string[];
  callbacks: string[];
  allowed_logout_urls: string[];
  client_metadata: JsonObject;
  app_type?: string;
  /** Absent where `client_authentication_methods` is there. */
  token_endpoint_auth_method?: string;
  [field: string]: JsonValue | undefined;
}

/** A public key of an application. */
export interface ClientCredentialRecord {
  id: string;
  name: string;
  credential_type: string;
  kid: string;
  alg: string;
  created_at: string;
  updated_at: string;
  expires_at?: string;
  /** SubjectPublicKeyInfo PEM; never returned. */
  publicKeyPem: string;
}

const publicAppTypes = new Set(["spa", "native"]);

/** An application with Auth0's defaults for what `input` leaves out. */
export function newClient(input: JsonObject & { name: string }): ClientRecord {
  const appType = typeof input["app_type"] === "string" ? input["app_type"] : undefined;
  const client: ClientRecord = {
    tenant: "local",
    global: false,
    is_first_party: true,
    oidc_conformant: false,
    sso_disabled: false,
    cross_origin_authentication: false,
    custom_login_page_on: true,
    is_token_endpoint_ip_header_trusted: false,
    callbacks: [],
    allowed_logout_urls: [],
    client_metadata: {},
    grant_types: defaultGrantTypes(appType),
    ...input,
    jwt_configuration: withDefaults(input["jwt_configuration"], {
      secret_encoded: false,
      lifetime_in_seconds: 36000,
    }),
    refresh_token: withDefaults(input["refresh_token"], refreshTokenDefaults),
    client_id: randomAlphanumeric(32),
    client_secret: typeof input["client_secret"] === "string" ? input["client_secret"] : randomSecret(),
  };
  if (!isJsonObject(input["client_authentication_methods"])) {
    // Which method a new application has was not kept in what was observed.
    client.token_endpoint_auth_method ??= publicAppTypes.has(appType ?? "") ? "none" : "client_secret_post";
  }
  return client;
}

const refreshTokenDefaults = {
  rotation_type: "non-rotating",
  expiration_type: "non-expiring",
  leeway: 0,
  token_lifetime: 2592000,
  idle_token_lifetime: 1296000,
  infinite_token_lifetime: true,
  infinite_idle_token_lifetime: true,
};

/** Observed without an app_type; by type as Auth0's dashboard does it. */
function defaultGrantTypes(appType: string | undefined): string[] {
  if (appType === "non_interactive") return ["client_credentials"];
  const interactive = ["authorization_code", "implicit", "refresh_token"];
  return publicAppTypes.has(appType ?? "") ? interactive : [...interactive, "client_credentials"];
}

function withDefaults(value: JsonValue | undefined, defaults: JsonObject): JsonObject {
  return { ...defaults, ...(isJsonObject(value) ? value : {}) };
}

/**
 * The application after a PATCH: objects are replaced, `client_metadata` merges key by key, null removes a field. A
 * `token_endpoint_auth_method` and `client_authentication_methods` exclude each other.
 */
export function changedClient(client: ClientRecord, input: JsonObject): ClientRecord {
  const { client_metadata: metadata, ...fields } = input;
  const changed: ClientRecord = { ...client, ...fields };
  if (isJsonObject(metadata)) changed.client_metadata = mergedMetadata(client.client_metadata, metadata);
  for (const [key, value] of Object.entries(fields)) {
    if (value === null) Reflect.deleteProperty(changed, key);
  }
  return changed;
}
