import {
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

/** How many tokens an application or an organization may get. */
export const tokenQuota = closed(
  {
    client_credentials: notEmpty(
      closed({ enforce: flag, per_day: whole(1, 2147483647), per_hour: whole(1, 2147483647) }),
    ),
  },
  "client_credentials",
);

const flags = [
  "change_pwd_flow_v1",
  "enable_apis_section",
  "disable_impersonation",
  "enable_client_connections",
  "enable_pipeline2",
  "allow_legacy_delegation_grant_types",
  "allow_legacy_ro_grant_types",
  "allow_legacy_tokeninfo_endpoint",
  "enable_legacy_profile",
  "enable_idtoken_api2",
  "enable_public_signup_user_exists_error",
  "enable_sso",
  "allow_changing_enable_sso",
  "disable_clickjack_protection_headers",
  "no_disclose_enterprise_connections",
  "enforce_client_authentication_on_passwordless_start",
  "enable_adfs_waad_email_verification",
  "revoke_refresh_token_grant",
  "dashboard_log_streams_next",
  "dashboard_insights_view",
  "disable_fields_map_fix",
  "mfa_show_factor_list_on_enrollment",
  "remove_alg_from_jwks",
  "improved_signup_bot_detection_in_classic",
  "genai_trial",
  "enable_dynamic_client_registration",
  "disable_management_api_sms_obfuscation",
  "trust_azure_adfs_email_verified_connection_property",
  "custom_domains_provisioning",
  // Not documented, but what real tenants take.
  "use_scope_descriptions_for_consent",
];

const locales = `am ar ar-EG ar-SA az bg bn bs ca-ES cnr cs cy da de el en en-CA es es-419 es-AR es-MX et eu-ES fa fi fr fr-CA
  fr-FR gl-ES gu he hi hr hu hy id is it ja ka kk kn ko lt lv mk ml mn mr ms my nb nl nn no pa pl pt pt-BR pt-PT ro ru sk sl so
  sq sr sv sw ta te th tl tr uk ur vi zgh zh-CN zh-HK zh-MO zh-TW`;

const hours = whole(1);
const minutes = whole(1);
const page = orNull(closed({ enabled: flag, html: text() }));
const policyReporting = orNull(closed({ report_uri: text(), report_to_group: text() }));

const contentSecurityPolicy = closed({
  enabled: flag,
  policies: list(
    closed({
      mode: oneOf("enforcing", "reporting"),
      directives: dictionary(list(text({ maxLength: 2048 })), 30),
      flags: list(oneOf("upgrade-insecure-requests", "block-all-mixed-content")),
      reporting: policyReporting,
    }),
  ),
  reporting_infrastructure: orNull(
    closed({
      report_to: orNull(
        closed({ group: text(), max_age: whole(), endpoints: list(closed({ url: text() })) }),
      ),
      reporting_endpoints: dictionary(text()),
    }),
  ),
});

const securityHeaders = closed({
  content_security_policy: orNull(contentSecurityPolicy),
  x_xss_protection: orNull(closed({ enabled: flag, mode: oneOf("block"), report_uri: text() })),
});

/** The body of PATCH /tenants/settings. */
export const tenantSettingsSchema: BodySchema = notEmpty(
  closed({
    friendly_name: text(),
    picture_url: text({ format: "absolute-uri-or-empty" }),
    support_email: text({ format: "email-or-empty" }),
    support_url: text({ format: "absolute-uri-or-empty" }),
    default_audience: text(),
    default_directory: text(),
    default_redirection_uri: text({ format: "absolute-https-uri-or-empty" }),
    allowed_logout_urls: list(text({ format: "url-with-placeholders" })),
    enabled_locales: list(oneOf(...locales.split(/\s+/)), { minItems: 1 }),
    sandbox_version: text({ maxLength: 8 }),
    legacy_sandbox_version: text({ maxLength: 8 }),

    change_password: page,
    guardian_mfa_page: page,
    error_page: orNull(
      closed({ html: text(), show_log_link: flag, url: text({ format: "absolute-uri-or-empty" }) }),
    ),
    // Not documented, but what real tenants take.
    universal_login: open(),
    security_headers: orNull(securityHeaders),
    country_codes: orNull(
      closed({
        list: list(text({ minLength: 2, maxLength: 2, pattern: "^[A-Z]{2}$" })),
        mode: oneOf("allow", "deny"),
      }),
    ),

    session_lifetime: hours,
    session_lifetime_in_minutes: minutes,
    idle_session_lifetime: hours,
    idle_session_lifetime_in_minutes: minutes,
    ephemeral_session_lifetime: hours,
    ephemeral_session_lifetime_in_minutes: minutes,
    idle_ephemeral_session_lifetime: hours,
    idle_ephemeral_session_lifetime_in_minutes: minutes,
    session_cookie: orNull(closed({ mode: oneOf("persistent", "non-persistent") }, "mode")),
    sessions: orNull(closed({ oidc_logout_prompt_enabled: flag })),
    oidc_logout: closed({ rp_logout_end_session_endpoint_discovery: flag }),

    flags: closed(Object.fromEntries(flags.map((name) => [name, flag]))),
    device_flow: orNull(closed({ charset: oneOf("base20", "digits"), mask: text({ maxLength: 20 }) })),
    default_token_quota: orNull(notEmpty(closed({ clients: tokenQuota, organizations: tokenQuota }))),
    customize_mfa_in_postlogin_action: orNull(flag),
    allow_organization_name_in_authentication_api: orNull(flag),
    acr_values_supported: orNull(list(text())),
    mtls: orNull(closed({ enable_endpoint_aliases: flag })),
    pushed_authorization_requests_supported: orNull(flag),
    authorization_response_iss_parameter_supported: orNull(flag),
    skip_non_verifiable_callback_uri_confirmation_prompt: orNull(flag),
    resource_parameter_profile: oneOf("audience", "compatibility"),
    client_id_metadata_document_supported: flag,
    enable_ai_guide: flag,
    phone_consolidated_experience: flag,
    include_session_metadata_in_tenant_logs: flag,
    dynamic_client_registration_security_mode: oneOf("strict", "permissive"),
  }),
);
