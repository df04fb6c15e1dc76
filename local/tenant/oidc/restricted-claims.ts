/**
 * Names that Auth0 does not let Actions set: https://auth0.com/docs/secure/tokens/json-web-tokens/create-custom-claims.
 * Such a claim is left out of the tokens without an error. Profile claims like `picture` are not among them.
 */
const restricted = new Set(
  (
    "acr act active amr at_hash ath attest aud auth_time authorization_details azp c_hash client_id cnf cty dest " +
    "entitlements events exp groups gty htm htu iat internalService iss jcard jku jti jwe jwk kid may_act mky nbf nonce " +
    "object_id org_id org_name orig origid permissions roles rph s_hash sid sip_callid sip_cseq_num sip_date " +
    "sip_from_tag sip_via_branch sub sub_jwk toe txn typ uuid vot vtm x5t#S256"
  ).split(" "),
);

/** The claims that make it into a token. */
export function allowedClaims(claims: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(claims).filter(([name, value]) => !restricted.has(name) && value !== undefined),
  );
}
