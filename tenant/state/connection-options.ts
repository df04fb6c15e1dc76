import { X509Certificate } from "node:crypto";
import { isJsonObject, type JsonObject, type JsonValue } from "../../lib/json.ts";
import { randomSecret } from "./ids-and-timestamps.ts";
import { oktaMetadata } from "./okta-metadata.ts";

/**
 * What a connection's options show when `sent` was stored: derived anew at each PATCH, as observed. Of a provider's metadata
 * only what was sent is known here, and what Okta says of each of its organizations: no network is asked.
 *
 * @param former What the options were before.
 */
export function derivedOptions(
  strategy: string,
  sent: JsonObject,
  domain: string,
  former: JsonObject = {},
): JsonObject {
  if (strategy === "waad") {
    return {
      ...(isOfMicrosoftPlatform(sent) ? {} : { app_domain: domain, thumbprints: [] }),
      waad_common_endpoint: false,
      ...sent,
    };
  }
  const kept = strategy === "google-apps" ? former["map_user_id_to_id"] : undefined;
  const options = kept === undefined ? sent : { map_user_id_to_id: kept, ...sent };
  return derivations[strategy]?.(options, former) ?? options;
}

/** Whether a Microsoft connection uses the newer of Microsoft's two identity APIs. */
export function isOfMicrosoftPlatform(options: JsonObject): boolean {
  return options["identity_api"] === "microsoft-identity-platform-v2.0";
}

const derivations: Record<string, (sent: JsonObject, former: JsonObject) => JsonObject> = {
  auth0: databaseOptions,
  samlp: samlOptions,
  pingfederate: samlOptions,
  oidc: (sent) => oidcOptions(sent, "bind_all"),
  okta: (sent) => ({
    ...(typeof sent["domain"] === "string" ? { oidc_metadata: oktaMetadata(sent["domain"]) } : {}),
    ...oidcOptions(sent, "basic_profile"),
  }),
  adfs: (sent) => ({ thumbprints: [], ...sent }),
  "google-apps": (sent) => ({
    handle_login_from_social: true,
    ...sent,
    email: true,
    profile: true,
    scope: ["email", "profile"],
  }),
  "google-oauth2": (sent) => ({ ...sent, scope: scopeNames(sent) }),
  line: (sent) => ({ profile: true, ...sent }),
  apple: (sent) => ({ ...sent, scope: flagged(sent, ["name", "email"]).join(" ") }),
  facebook: (sent) => ({ ...sent, scope: [...flagged(sent, Object.keys(sent)), "public_profile"].join(",") }),
  github: (sent) => ({ scope: ["user:email", ...renamed(sent, githubScopes)], ...sent }),
  linkedin: (sent) => ({ scope: renamed(sent, linkedinScopes), ...sent }),
  windowslive: (sent) => ({ scope: renamed(sent, microsoftScopes), ...sent }),
  salesforce: (sent) => ({ scope: [], ...sent }),
  "salesforce-community": (sent) => ({ scope: [], ...sent }),
};

/** The options of a new connection, which has some more defaults than a changed one. */
export function firstOptions(strategy: string, sent: JsonObject, domain: string): JsonObject {
  const options = derivedOptions(strategy, sent, domain);
  if (strategy === "samlp") return { assertion_decryption_settings: newDecryptionSettings, ...options };
  if (strategy === "oidc" || strategy === "okta") {
    return { ...options, connection_settings: sent["connection_settings"] ?? { pkce: "auto" } };
  }
  if (strategy !== "auth0") return options;
  const hasOptions = isJsonObject(sent["password_options"]);
  return {
    mfa: { active: true, return_enroll_settings: true },
    // A tenant of late 2026 makes up password_options in its place where neither was sent.
    ...(hasOptions ? {} : { passwordPolicy: "good" }),
    ...(typeof sent["passwordPolicy"] === "string"
      ? { password_options: withPasswordDefaults(newPasswordOptions) }
      : {}),
    strategy_version: 2,
    ...options,
  };
}

const newDecryptionSettings: JsonObject = { algorithm_profile: "v2026-1", algorithm_exceptions: [] };

function flagged(sent: JsonObject, names: string[]): string[] {
  return names.filter((name) => sent[name] === true);
}

/** How some providers call what is sent as booleans. */
function renamed(sent: JsonObject, names: Record<string, string>): string[] {
  return flagged(sent, Object.keys(names)).map((name) => names[name] ?? name);
}

const microsoftScopes: Record<string, string> = { graph_user: "https://graph.microsoft.com/User.Read" };

const githubScopes: Record<string, string> = {
  read_user: "read:user",
  follow: "user:follow",
  public_repo: "public_repo",
  repo: "repo",
  repo_deployment: "repo_deployment",
  repo_status: "repo:status",
  delete_repo: "delete_repo",
  notifications: "notifications",
  gist: "gist",
  read_repo_hook: "read:repo_hook",
  write_repo_hook: "write:repo_hook",
  admin_repo_hook: "admin:repo_hook",
  read_org: "read:org",
  admin_org: "admin:org",
  read_public_key: "read:public_key",
  write_public_key: "write:public_key",
  admin_public_key: "admin:public_key",
  write_org: "write:org",
};

const linkedinScopes: Record<string, string> = {
  email: "r_emailaddress",
  profile: "r_liteprofile",
  basic_profile: "r_basicprofile",
};

/** What is sent as booleans, in the provider's own names; of further permissions only those that were sent as a list. */
function scopeNames(sent: JsonObject): JsonValue {
  if (Array.isArray(sent["scope"])) return sent["scope"];
  return [...flagged(sent, ["email", "profile"]), ...renamed(sent, googleScopes)];
}

/** The two that were seen. */
const googleScopes: Record<string, string> = {
  gmail: "https://mail.google.com/mail/feed/atom",
  youtube: "https://gdata.youtube.com",
};

const passkeyOptions: JsonObject = {
  challenge_ui: "both",
  progressive_enrollment_enabled: true,
  local_enrollment_enabled: true,
};

function databaseOptions(sent: JsonObject): JsonObject {
  const { configuration, password_options: passwords } = sent;
  return {
    brute_force_protection: true,
    passkey_options: passkeyOptions,
    ...sent,
    authentication_methods: authenticationMethods(sent["authentication_methods"]),
    ...(isJsonObject(passwords) ? { password_options: withPasswordDefaults(passwords) } : {}),
    ...(isJsonObject(sent["attributes"]) ? { attributes: withEmailDefaults(sent["attributes"]) } : {}),
    ...(isJsonObject(configuration) ? { configuration: sealed(configuration) } : {}),
  };
}

function authenticationMethods(sent: JsonValue | undefined): JsonObject {
  const methods = isJsonObject(sent) ? sent : {};
  const password = isJsonObject(methods["password"]) ? methods["password"] : {};
  return {
    passkey: { enabled: false },
    ...methods,
    password: { enabled: true, api_behavior: "required", signup_behavior: "allow", ...password },
  };
}

/** What goes with a passwordPolicy. */
const newPasswordOptions: JsonObject = {
  complexity: { min_length: 15 },
  profile_data: {
    active: false,
    blocked_fields: [
      "name",
      "username",
      "nickname",
      "email",
      "phone_number",
      "user_metadata.name",
      "user_metadata.first",
      "user_metadata.last",
    ],
  },
  history: { active: false, size: 3 },
  dictionary: { active: false, default: "en_100k" },
};

function withPasswordDefaults(sent: JsonObject): JsonObject {
  const part = (name: string): JsonObject => (isJsonObject(sent[name]) ? sent[name] : {});
  return {
    ...sent,
    complexity: {
      character_types: [],
      character_type_rule: "all",
      identical_characters: "allow",
      sequential_characters: "allow",
      max_length_exceeded: "error",
      ...part("complexity"),
    },
    dictionary: { custom: [], ...part("dictionary") },
  };
}

function withEmailDefaults(attributes: JsonObject): JsonObject {
  const { email } = attributes;
  return isJsonObject(email)
    ? { ...attributes, email: { verification_method: "link", unique: true, ...email } }
    : attributes;
}

/** Values are never shown again; one that comes back sealed stays as it is. */
function sealed(configuration: JsonObject): JsonObject {
  const seal = (value: JsonValue): JsonValue =>
    typeof value === "string" && !value.startsWith("CkIK") ? `CkIK${randomSecret()}` : value;
  return Object.fromEntries(Object.entries(configuration).map(([name, value]) => [name, seal(value)]));
}

function oidcOptions(sent: JsonObject, mappingMode: string): JsonObject {
  const algorithm = sent["token_endpoint_auth_method"] === "private_key_jwt";
  return {
    type: "back_channel",
    schema_version: "oidc-V4",
    attribute_map: { mapping_mode: mappingMode },
    connection_settings: { pkce: "disabled" },
    ...(algorithm ? { token_endpoint_auth_signing_alg: "RS256" } : {}),
    ...sent,
  };
}

/** Of the document at a `metadataUrl` nothing is known here: what was known of the provider before stays. */
function samlOptions({ metadataXml, ...sent }: JsonObject, former: JsonObject): JsonObject {
  const kept = typeof sent["metadataUrl"] === "string" ? providerFields(former) : {};
  const described = typeof metadataXml === "string" ? describedProvider(metadataXml) : kept;
  const pem = sent["signingCert"] ?? sent["cert"] ?? described["signingCert"];
  return { ...described, ...(typeof pem === "string" ? certificateFields(pem) : {}), ...sent };
}

const describedFields = new Set(["bindingMethod", "signInEndpoint", "signOutEndpoint", "signingCert"]);

function providerFields(options: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(options).filter(([name]) => describedFields.has(name)));
}

/** What a provider's metadata says of where it is and how it signs; the XML itself is not kept. */
function describedProvider(xml: string): JsonObject {
  const service = (name: string) =>
    new RegExp(`<[^>]*${name}\\b[^>]*Binding="([^"]*)"[^>]*Location="([^"]*)"`).exec(xml);
  const [signIn, signOut] = [service("SingleSignOnService"), service("SingleLogoutService")];
  const base64 = /X509Certificate>([^<]*)</.exec(xml)?.[1]?.replace(/\s+/g, "");
  return {
    ...(signIn ? { bindingMethod: signIn[1] ?? "", signInEndpoint: signIn[2] ?? "" } : {}),
    ...(signOut ? { signOutEndpoint: signOut[2] ?? "" } : {}),
    ...(base64 === undefined ? {} : { signingCert: Buffer.from(pemOf(base64)).toString("base64") }),
  };
}

function pemOf(base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

/** What a SAML provider's certificate, as PEM or the same in base64, says of itself. */
function certificateFields(pem: string): JsonObject {
  try {
    const text = pem.includes("BEGIN") ? pem : Buffer.from(pem, "base64").toString();
    const certificate = new X509Certificate(text);
    return {
      cert: text,
      thumbprints: [certificate.fingerprint.replaceAll(":", "").toLowerCase()],
      expires: new Date(certificate.validTo).toISOString(),
      subject: subjectOf(certificate),
    };
  } catch {
    return {};
  }
}

const subjectNames: Record<string, string> = {
  C: "countryName",
  ST: "stateOrProvinceName",
  L: "localityName",
  O: "organizationName",
  OU: "organizationalUnitName",
  CN: "commonName",
};

function subjectOf({ subject }: X509Certificate): JsonObject {
  const parts = subject.split("\n").map((line): [string, string] => {
    const at = line.indexOf("=");
    const name = line.slice(0, at);
    return [subjectNames[name] ?? name, line.slice(at + 1)];
  });
  return Object.fromEntries(parts);
}
