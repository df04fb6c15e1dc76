import { createHash, X509Certificate } from "node:crypto";
import { isJsonObject, type JsonObject, type JsonValue } from "../../lib/json.ts";
import { randomHexId } from "./ids-and-timestamps.ts";

interface ResourceServerScope {
  value: string;
  description?: string;
}

/** An API. Fields that only exist once they were set stand among the open ones. */
export interface ResourceServerRecord {
  id: string;
  identifier: string;
  signing_alg: string;
  token_lifetime: number;
  /** Only Auth0's own APIs have it. */
  is_system?: true;
  scopes?: ResourceServerScope[];
  [field: string]: JsonValue | ResourceServerScope[] | undefined;
}

/** An API with Auth0's defaults; `is_system` only for Auth0's own. */
export function newResourceServer(
  input: JsonObject & { identifier: string },
  isSystem = false,
): ResourceServerRecord {
  const server: ResourceServerRecord = {
    id: randomHexId(),
    allow_offline_access: false,
    skip_consent_for_verifiable_first_party_clients: false,
    subject_type_authorization: subjectTypeDefaults,
    token_lifetime: 86400,
    token_lifetime_for_web: 7200,
    signing_alg: "RS256",
    identifier: input.identifier,
    ...(isSystem ? { is_system: true as const } : {}),
  };
  changeResourceServer(server, input);
  return server;
}

/**
 * The My Account API, which a tenant gets by asking for an API of its identifier. What was sent with it counts for little:
 * its name, scopes and lifetimes are Auth0's. No route of it is here.
 */
export function myAccountApi({ identifier, authorization_policy }: JsonObject & { identifier: string }) {
  const scopes = myAccountScopes.map(([value, description]) => ({ value, description }));
  const server = newResourceServer({ identifier, name: "Auth0 My Account API", scopes }, true);
  changeResourceServer(server, {
    allow_offline_access: true,
    skip_consent_for_verifiable_first_party_clients: true,
    subject_type_authorization: { client: { policy: "deny_all" }, user: { policy: "require_client_grant" } },
    token_lifetime: 600,
    token_lifetime_for_web: 600,
    proof_of_possession: { mechanism: "dpop", required: false },
    ...(authorization_policy === undefined ? {} : { authorization_policy }),
  });
  return server;
}

const myAccountScopes: readonly (readonly [string, string])[] = [
  ["create:me:connected_accounts", "Create Connected Accounts"],
  ["read:me:connected_accounts", "Read Connected Accounts"],
  ["delete:me:connected_accounts", "Delete Connected Accounts"],
  ["read:me:authentication_methods", "Read Authentication Methods"],
  ["delete:me:authentication_methods", "Delete Authentication Methods"],
  ["update:me:authentication_methods", "Update Authentication Methods"],
  ["read:me:factors", "Read Factors"],
  ["create:me:authentication_methods", "Create Authentication Methods"],
];

const subjectTypeDefaults: JsonObject = {
  client: { policy: "require_client_grant" },
  user: { policy: "allow_all" },
};

/** Fields are replaced and null takes one away; of an encryption key only a thumbprint is ever shown again. */
export function changeResourceServer(server: ResourceServerRecord, input: JsonObject): void {
  const { subject_type_authorization: policies, token_encryption: encryption, ...fields } = input;
  Object.assign(server, fields);
  if (isJsonObject(policies)) {
    const known = server["subject_type_authorization"] as JsonObject;
    server["subject_type_authorization"] = { ...known, ...policies };
  }
  if (encryption !== undefined) server["token_encryption"] = shownEncryption(encryption);
  for (const [key, value] of Object.entries(server)) {
    if (value === null) Reflect.deleteProperty(server, key);
  }
}

function shownEncryption(encryption: JsonValue): JsonValue {
  if (!isJsonObject(encryption) || !isJsonObject(encryption["encryption_key"])) return encryption;
  const { pem, ...key } = encryption["encryption_key"];
  if (typeof pem !== "string") return encryption;
  return { ...encryption, encryption_key: { ...key, thumbprint_sha256: thumbprint(pem) } };
}

/** SHA-256 of the certificate, or of the text where it is none. */
function thumbprint(pem: string): string {
  const hash = createHash("sha256");
  try {
    return hash.update(new X509Certificate(pem).raw).digest("base64url");
  } catch {
    return hash.update(pem).digest("base64url");
  }
}
