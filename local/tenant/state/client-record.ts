import type { JsonObject, JsonValue } from "./json.ts";

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
