const strings = { type: "array", items: { type: "string" } } as const;

/** The fields whose form the tenant relies on. Others are kept as they come: the API has far more. */
const clientFields = {
  name: { type: "string", minLength: 1, description: "The name of the client" },
  description: { type: "string", maxLength: 140 },
  client_secret: { type: "string", minLength: 1 },
  app_type: { type: ["string", "null"] },
  callbacks: strings,
  allowed_logout_urls: strings,
  allowed_origins: strings,
  web_origins: strings,
  grant_types: strings,
  client_metadata: { type: "object", additionalProperties: { type: ["string", "null"], maxLength: 255 } },
  jwt_configuration: { type: ["object", "null"] },
  refresh_token: { type: ["object", "null"] },
  oidc_conformant: { type: "boolean" },
  is_first_party: { type: "boolean" },
  token_endpoint_auth_method: {
    type: ["string", "null"],
    enum: ["none", "client_secret_post", "client_secret_basic", null],
  },
  client_authentication_methods: { type: ["object", "null"] },
} as const;

export const createClientSchema = {
  type: "object",
  required: ["name"],
  properties: clientFields,
} as const;

export const updateClientSchema = { type: "object", properties: clientFields } as const;

export const createCredentialSchema = {
  type: "object",
  required: ["credential_type"],
  additionalProperties: false,
  properties: {
    name: { type: "string" },
    credential_type: { type: "string", enum: ["public_key"] },
    pem: { type: "string", minLength: 1 },
    alg: { type: "string", enum: ["RS256", "RS384", "PS256"] },
    parse_expiry_from_cert: { type: "boolean" },
    expires_at: { type: "string", format: "date-time" },
  },
} as const;

export const updateCredentialSchema = {
  type: "object",
  additionalProperties: false,
  properties: { expires_at: { type: ["string", "null"], format: "date-time" } },
} as const;
