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
  /** Only the Management API's own has it. */
  is_system?: true;
  scopes?: ResourceServerScope[];
  [field: string]: JsonValue | ResourceServerScope[] | undefined;
}

/** An API with Auth0's defaults; `is_system` only for the Management API's own. */
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
