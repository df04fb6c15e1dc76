import { isJsonObject, type JsonObject, type JsonValue } from "../../lib/json.ts";
import { randomAlphanumeric, randomSecret } from "./ids-and-timestamps.ts";
import { mergedMetadata } from "./user.ts";

/** An application. A field that was never set is absent, and one that the tenant has no use for is kept as it was sent. */
export interface ClientRecord {
  client_id: string;
  client_secret: string;
  name: string;
  grant_types: string[];
  callbacks?: string[];
  allowed_logout_urls?: string[];
  client_metadata?: JsonObject;
  app_type?: string;
  /** See {@link authenticationMethod} for what counts where it is absent. */
  token_endpoint_auth_method?: string;
  [field: string]: JsonValue | undefined;
}

const publicAppTypes = new Set(["spa", "native"]);

/** An application with Auth0's defaults for what `input` leaves out. */
export function newClient(input: JsonObject & { name: string }): ClientRecord {
  const appType = typeof input["app_type"] === "string" ? input["app_type"] : undefined;
  const { jwt_configuration, ...fields } = input;
  const isOurs = input["is_first_party"] !== false;
  const client: ClientRecord = {
    tenant: "local",
    global: false,
    is_first_party: true,
    oidc_conformant: !isOurs,
    sso_disabled: false,
    cross_origin_authentication: false,
    custom_login_page_on: true,
    is_token_endpoint_ip_header_trusted: false,
    callback_url_template: false,
    jwt_configuration: {
      secret_encoded: false,
      ...(jwt_configuration ? {} : { lifetime_in_seconds: 36000 }),
    },
    refresh_token: refreshTokenDefaults(appType, isOurs),
    ...(isOurs ? {} : { third_party_security_mode: "permissive" }),
    client_id: randomAlphanumeric(32),
    client_secret: typeof input["client_secret"] === "string" ? input["client_secret"] : randomSecret(),
    name: input.name,
    grant_types: defaultGrantTypes(appType),
    ...structuredClone(defaultsByType[appType ?? ""]),
    ...(input["third_party_security_mode"] === "strict" ? strictDefaults() : {}),
  };
  return changedClient(client, { ...fields, ...(jwt_configuration ? { jwt_configuration } : {}) });
}

/** What these types have instead of the others' defaults. */
const defaultsByType: Record<string, JsonObject> = {
  resource_server: {
    oidc_conformant: true,
    jwt_configuration: { secret_encoded: false, alg: "RS256" },
    grant_types: [],
  },
  express_configuration: {
    oidc_conformant: true,
    jwt_configuration: { secret_encoded: false, alg: "RS256" },
    grant_types: ["authorization_code", "client_credentials"],
    callbacks: ["https://system-admin.okta.com/admin/app/generic/oauth20redirect"],
    client_authentication_methods: { private_key_jwt: { credentials: [] } },
    organization_usage: "require",
    organization_require_behavior: "pre_login_prompt",
  },
};

/** Of a third party's application that is held to what is safe. */
function strictDefaults(): JsonObject & { client_id: string; grant_types: string[] } {
  return {
    client_id: `tpc_${randomAlphanumeric(22)}`,
    grant_types: ["authorization_code"],
    jwt_configuration: { secret_encoded: false, alg: "RS256", lifetime_in_seconds: 3600 },
  };
}

/** Observed: applications with a secret of their own got longer lifetimes, and those of third parties tokens that expire. */
function refreshTokenDefaults(appType: string | undefined, isOurs: boolean): JsonObject {
  const isConfidential = appType === "non_interactive" || appType === "regular_web";
  return {
    rotation_type: isOurs || isConfidential ? "non-rotating" : "rotating",
    expiration_type: isOurs ? "non-expiring" : "expiring",
    leeway: 0,
    token_lifetime: isConfidential ? 31557600 : 2592000,
    idle_token_lifetime: isConfidential ? 2592000 : 1296000,
    infinite_token_lifetime: isOurs || isConfidential,
    infinite_idle_token_lifetime: isOurs,
  };
}

function defaultGrantTypes(appType: string | undefined): string[] {
  const interactive = ["authorization_code", "implicit", "refresh_token"];
  return publicAppTypes.has(appType ?? "") ? interactive : [...interactive, "client_credentials"];
}

/** How the application proves who it is at the token endpoint; undefined where it does with keys or certificates. */
export function authenticationMethod(client: ClientRecord): string | undefined {
  if (client["client_authentication_methods"] !== undefined) return undefined;
  const byType = publicAppTypes.has(client.app_type ?? "") ? "none" : "client_secret_post";
  return client.token_endpoint_auth_method ?? byType;
}

/** Settings of which a PATCH changes what it names and keeps the rest; others are replaced whole. */
const merged = [
  "jwt_configuration",
  "refresh_token",
  "session_transfer",
  "signed_request_object",
  "mobile",
  "native_social_login",
];

const sessionTransferDefaults: JsonObject = {
  can_create_session_transfer_token: false,
  allowed_authentication_methods: [],
  enforce_device_binding: "ip",
  allow_refresh_token: false,
  enforce_online_refresh_tokens: true,
  enforce_cascade_revocation: true,
};

/**
 * The application after a PATCH: `client_metadata` and some other settings merge key by key, objects beside them are replaced,
 * null removes a field.
 */
export function changedClient(client: ClientRecord, input: JsonObject): ClientRecord {
  const { client_metadata: metadata, ...fields } = withOlderNames(input);
  const changed: ClientRecord = { ...client, ...fields };
  for (const name of merged) {
    const sent = fields[name];
    const known = client[name] ?? (name === "session_transfer" ? sessionTransferDefaults : undefined);
    if (isJsonObject(known) && isJsonObject(sent)) changed[name] = withoutNulls({ ...known, ...sent });
  }
  if (isJsonObject(metadata))
    changed.client_metadata = mergedMetadata(client.client_metadata ?? {}, metadata);
  if (changed["initiate_login_uri"] === "") Reflect.deleteProperty(changed, "initiate_login_uri");
  for (const [key, value] of Object.entries(changed)) {
    if (value === null) Reflect.deleteProperty(changed, key);
  }
  return changed;
}

/** Two settings have a former name: what is sent by one of them is shown by both. */
function withOlderNames(input: JsonObject): JsonObject {
  const { cross_origin_authentication: crossOrigin, oidc_backchannel_logout, oidc_logout: logout } = input;
  const urls = isJsonObject(logout) ? logout["backchannel_logout_urls"] : undefined;
  return {
    ...input,
    ...(crossOrigin === undefined ? {} : { cross_origin_auth: crossOrigin === true ? null : false }),
    ...(oidc_backchannel_logout === undefined ? {} : { oidc_logout: null }),
    ...(logout === undefined ? {} : { oidc_logout: logout }),
    ...(urls === undefined ? {} : { oidc_backchannel_logout: { backchannel_logout_urls: urls } }),
  };
}

function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}
