import {
  allOrNull,
  closed,
  dictionary,
  flag,
  list,
  notEmpty,
  oneOf,
  open,
  orNull,
  text,
  whole,
  type BodySchema,
} from "./body-schema.ts";
import { addonsSchema } from "./client-addons-schema.ts";
import {
  knownAuthenticationMethods,
  knownCredentials,
  newAuthenticationMethods,
  newPublicKeys,
} from "./credential-schema.ts";
import { tokenQuota } from "./tenant-settings-schema.ts";

const appTypes = `native spa regular_web non_interactive resource_server express_configuration rms box cloudbees concur dropbox
  mscrm echosign egnyte newrelic office365 salesforce sentry sharepoint slack springcm zendesk zoom sso_integration oag`;

const words = list(text({ minLength: 1 }));
const origins = list(text({ format: "url-with-placeholders" }));
const grantee = { audience: text({ minLength: 1, maxLength: 600 }) };

const backchannelLogout = open({
  backchannel_logout_urls: list(text({ format: "absolute-https-uri-with-placeholders-or-empty" })),
  backchannel_logout_initiators: open({
    mode: oneOf("custom", "all"),
    selected_initiators: list(
      oneOf(
        "rp-logout",
        "idp-logout",
        "password-changed",
        "session-expired",
        "session-revoked",
        "account-deleted",
        "email-identifier-changed",
        "mfa-phone-unenrolled",
        "account-deactivated",
      ),
    ),
  }),
  backchannel_logout_session_metadata: orNull(open({ include: flag })),
});

const sessionTransfer = closed({
  can_create_session_transfer_token: flag,
  enforce_cascade_revocation: flag,
  allowed_authentication_methods: orNull(list(oneOf("cookie", "query"))),
  enforce_device_binding: oneOf("ip", "asn", "none"),
  allow_refresh_token: flag,
  enforce_online_refresh_tokens: flag,
  delegation: orNull(closed({ allow_delegated_access: flag, enforce_device_binding: oneOf("ip", "asn") })),
});

const refreshToken = closed(
  {
    rotation_type: oneOf("rotating", "non-rotating"),
    expiration_type: oneOf("expiring", "non-expiring"),
    leeway: whole(0),
    token_lifetime: whole(1, 157788000),
    infinite_token_lifetime: flag,
    idle_token_lifetime: whole(1),
    infinite_idle_token_lifetime: flag,
    policies: orNull(
      list(closed({ ...grantee, scope: list(text({ minLength: 1, maxLength: 280 })) }, "audience", "scope"), {
        minItems: 1,
      }),
    ),
  },
  "rotation_type",
  "expiration_type",
);

const expressConfiguration = closed(
  {
    initiate_login_uri_template: text(),
    user_attribute_profile_id: text(),
    connection_profile_id: text(),
    enable_client: flag,
    enable_organization: flag,
    linked_clients: list(closed({ client_id: text() }, "client_id")),
    okta_oin_client_id: text(),
    admin_login_domain: text({ minLength: 1 }),
    oin_submission_id: text({ minLength: 1, maxLength: 200 }),
  },
  "initiate_login_uri_template",
  "user_attribute_profile_id",
  "connection_profile_id",
  "enable_client",
  "enable_organization",
  "okta_oin_client_id",
  "admin_login_domain",
);

const myOrganization = closed(
  {
    connection_profile_id: text(),
    user_attribute_profile_id: text(),
    allowed_strategies: list(oneOf("pingfederate", "adfs", "waad", "google-apps", "okta", "oidc", "samlp")),
    connection_deletion_behavior: oneOf("allow", "allow_if_empty"),
    invitation_landing_client_id: text(),
  },
  "allowed_strategies",
  "connection_deletion_behavior",
);

/** Providers of a login inside a native application, each switched on or off; a PATCH may also remove them. */
function nativeLogins(providers: string[], enabled: string, isPatch: boolean): BodySchema {
  const login = notEmpty(closed({ [enabled]: flag }));
  const all = Object.fromEntries(providers.map((provider) => [provider, login]));
  return isPatch ? orNull(notEmpty(closed(allOrNull(all)))) : notEmpty(closed(all));
}

const tokenExchange = closed({
  allow_any_profile_of_type: list(oneOf("custom_authentication", "on_behalf_of_token_exchange")),
});

function tokenVaultAccess(credentials: BodySchema): BodySchema {
  return closed(
    {
      credentials,
      ip_allowlist: list(text()),
      // Not documented, but what real tenants take.
      grants: list(open({ connection: text(), scopes: list(text()) })),
    },
    "credentials",
  );
}

const signedRequest = (credentials: BodySchema): BodySchema => closed({ required: flag, credentials });

/** Fields that POST and PATCH take alike. */
const fields = {
  name: text({ pattern: "^[^<>]+$", description: "The name of the client" }),
  description: text({ maxLength: 140 }),
  logo_uri: text({ format: "absolute-uri-or-empty" }),
  callbacks: list(text({ format: "callback-url" })),
  oidc_logout: backchannelLogout,
  session_transfer: orNull(sessionTransfer),
  allowed_origins: origins,
  web_origins: origins,
  client_aliases: words,
  allowed_clients: words,
  allowed_logout_urls: origins,
  grant_types: words,
  is_token_endpoint_ip_header_trusted: flag,
  app_type: oneOf(...appTypes.split(/\s+/)),
  is_first_party: flag,
  oidc_conformant: flag,
  jwt_configuration: open({
    lifetime_in_seconds: whole(),
    secret_encoded: flag,
    scopes: open(),
    alg: oneOf("HS256", "RS256", "RS512", "PS256"),
  }),
  encryption_key: orNull(open({ pub: text(), cert: text(), subject: text() })),
  sso: flag,
  cross_origin_authentication: flag,
  sso_disabled: flag,
  custom_login_page_on: flag,
  client_metadata: dictionary({ type: ["string", "null"], maxLength: 255 }, 10),
  mobile: open({
    android: open({ app_package_name: text(), sha256_cert_fingerprints: { ...words, minItems: 1 } }),
    ios: open({ team_id: text(), app_bundle_identifier: text() }),
  }),
  initiate_login_uri: text({ format: "absolute-https-uri-with-placeholders-or-empty" }),
  refresh_token: orNull(refreshToken),
  default_organization: orNull(
    closed(
      { organization_id: text({ pattern: "^org_" }), flows: list(oneOf("client_credentials")) },
      "organization_id",
      "flows",
    ),
  ),
  require_pushed_authorization_requests: flag,
  require_proof_of_possession: flag,
  compliance_level: orNull(
    oneOf("none", "fapi1_adv_pkj_par", "fapi1_adv_mtls_par", "fapi2_sp_pkj_mtls", "fapi2_sp_mtls_mtls"),
  ),
  par_request_expiry: orNull(whole(10, 600)),
  third_party_security_mode: oneOf("strict", "permissive"),
  redirection_policy: oneOf("allow_always", "open_redirect_protection"),
  // Not documented, but what real tenants take.
  identity_assertion_authorization_grant: orNull(open()),
};

/** Fields that a PATCH may also take away with null. */
const removable = {
  token_endpoint_auth_method: oneOf("none", "client_secret_post", "client_secret_basic"),
  cross_origin_loc: text({ format: "url-with-placeholders" }),
  organization_usage: oneOf("deny", "allow", "require"),
  organization_require_behavior: oneOf("no_prompt", "pre_login_prompt", "post_login_prompt"),
  organization_discovery_methods: list(oneOf("email", "organization_name"), { minItems: 1 }),
  skip_non_verifiable_callback_uri_confirmation_prompt: flag,
  token_exchange: tokenExchange,
  token_quota: tokenQuota,
  express_configuration: expressConfiguration,
  my_organization_configuration: myOrganization,
  async_approval_notification_channels: list(oneOf("guardian-push", "email"), { minItems: 1 }),
};

const socialProviders = ["apple", "facebook", "google"];

/** The body of POST /clients. */
export const createClientSchema = closed(
  {
    ...fields,
    ...removable,
    addons: addonsSchema,
    oidc_backchannel_logout: backchannelLogout,
    custom_login_page: text({ minLength: 1 }),
    custom_login_page_preview: text({ minLength: 1 }),
    form_template: text({ minLength: 1 }),
    native_social_login: nativeLogins(socialProviders, "enabled", false),
    fedcm_login: nativeLogins(["google"], "is_enabled", false),
    client_authentication_methods: newAuthenticationMethods,
    signed_request_object: signedRequest(newPublicKeys),
    token_vault_privileged_access: tokenVaultAccess(newPublicKeys),
    resource_server_identifier: text({ minLength: 1, maxLength: 600 }),
  },
  "name",
);

/** The body of PATCH /clients/{id}. */
export const updateClientSchema = notEmpty(
  closed({
    ...fields,
    ...allOrNull(removable),
    client_secret: text({ minLength: 1 }),
    addons: orNull(addonsSchema),
    oidc_backchannel_logout: orNull(backchannelLogout),
    custom_login_page: text(),
    custom_login_page_preview: text(),
    form_template: text(),
    native_social_login: nativeLogins(socialProviders, "enabled", true),
    fedcm_login: nativeLogins(["google"], "is_enabled", true),
    client_authentication_methods: orNull(knownAuthenticationMethods),
    signed_request_object: orNull(signedRequest(knownCredentials)),
    token_vault_privileged_access: orNull(tokenVaultAccess(knownCredentials)),
  }),
);
