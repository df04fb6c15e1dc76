import type { JsonObject } from "../../lib/json.ts";

const signing = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"];
const signingOrHmac = ["HS256", "HS384", "HS512", ...signing];
const clientAuthentication = [
  "client_secret_basic",
  "client_secret_post",
  "client_secret_jwt",
  "private_key_jwt",
  "none",
];
const claims = `iss ver sub aud iat exp jti auth_time amr idp nonce name nickname preferred_username given_name middle_name
  family_name email email_verified profile zoneinfo locale address phone_number picture website gender birthdate updated_at
  at_hash c_hash`;

/**
 * What Okta says of an organization's own authorization server at /.well-known/openid-configuration: the same for every
 * organization but for its address. Auth0 fetches it for a connection that has a `domain`; here no network is asked.
 */
export function oktaMetadata(domain: string): JsonObject {
  const issuer = `https://${domain}`;
  const endpoint = (name: string): string => `${issuer}/oauth2/v1/${name}`;
  return {
    issuer,
    authorization_endpoint: endpoint("authorize"),
    token_endpoint: endpoint("token"),
    userinfo_endpoint: endpoint("userinfo"),
    registration_endpoint: endpoint("clients"),
    jwks_uri: endpoint("keys"),
    introspection_endpoint: endpoint("introspect"),
    revocation_endpoint: endpoint("revoke"),
    end_session_endpoint: endpoint("logout"),
    device_authorization_endpoint: endpoint("device/authorize"),
    pushed_authorization_request_endpoint: endpoint("par"),
    response_types_supported: [
      "code",
      "id_token",
      "code id_token",
      "code token",
      "id_token token",
      "code id_token token",
    ],
    response_modes_supported: ["query", "fragment", "form_post", "okta_post_message"],
    grant_types_supported: [
      "authorization_code",
      "implicit",
      "refresh_token",
      "password",
      "urn:ietf:params:oauth:grant-type:device_code",
      "urn:openid:params:grant-type:ciba",
      "urn:okta:params:oauth:grant-type:otp",
      "http://auth0.com/oauth/grant-type/mfa-otp",
      "urn:okta:params:oauth:grant-type:oob",
      "http://auth0.com/oauth/grant-type/mfa-oob",
    ],
    subject_types_supported: ["public"],
    scopes_supported: ["openid", "email", "profile", "address", "phone", "offline_access", "groups"],
    claims_supported: claims.split(/\s+/),
    code_challenge_methods_supported: ["S256"],
    id_token_signing_alg_values_supported: ["RS256"],
    id_token_encryption_alg_values_supported: ["RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512"],
    id_token_encryption_enc_values_supported: ["A256GCM"],
    token_endpoint_auth_methods_supported: clientAuthentication,
    introspection_endpoint_auth_methods_supported: clientAuthentication,
    revocation_endpoint_auth_methods_supported: clientAuthentication,
    request_object_signing_alg_values_supported: signingOrHmac,
    backchannel_authentication_request_signing_alg_values_supported: signingOrHmac,
    backchannel_token_delivery_modes_supported: ["poll"],
    dpop_signing_alg_values_supported: signing,
    request_parameter_supported: true,
    claims_parameter_supported: false,
    request_uri_parameter_supported: false,
    require_request_uri_registration: false,
  };
}
