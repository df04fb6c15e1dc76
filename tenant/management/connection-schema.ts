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

const strategies = `ad adfs amazon apple dropbox bitbucket auth0-oidc auth0 baidu bitly box custom daccount dwolla email
  evernote-sandbox evernote exact facebook fitbit github google-apps google-oauth2 instagram ip line linkedin oauth1 oauth2
  office365 oidc okta paypal paypal-sandbox pingfederate planningcenter salesforce-community salesforce-sandbox salesforce samlp
  sharepoint shopify shop sms soundcloud thirtysevensignals twitter untappd vkontakte waad weibo windowslive wordpress yahoo
  yandex`;

const upstreamAliases = `acr_values audience client_id display id_token_hint login_hint max_age prompt resource response_mode
  response_type ui_locales`;

const enabled = closed({ enabled: flag });
const signup = { status: oneOf("required", "optional", "inactive") };
const verifiedSignup = closed({ ...signup, verification: closed({ active: flag }) });
const length = { type: "number", minimum: 1, maximum: 128 };

const attributes = notEmpty(
  closed({
    email: closed({
      identifier: closed({ active: flag, default_method: oneOf("password", "email_otp") }),
      unique: flag,
      profile_required: flag,
      verification_method: oneOf("link", "otp"),
      signup: verifiedSignup,
    }),
    phone_number: closed({
      identifier: closed({ active: flag, default_method: oneOf("password", "phone_otp") }),
      profile_required: flag,
      signup: verifiedSignup,
    }),
    username: closed({
      // That it takes a default_method is not documented, but real tenants do.
      identifier: closed({ active: flag, default_method: text() }),
      profile_required: flag,
      signup: closed(signup),
      validation: closed({
        min_length: length,
        max_length: length,
        allowed_types: closed({ email: flag, phone_number: flag }),
      }),
    }),
  }),
);

const passwordOptions = closed({
  complexity: closed({
    min_length: whole(1, 72),
    character_types: list(oneOf("uppercase", "lowercase", "number", "special")),
    character_type_rule: oneOf("all", "three_of_four"),
    identical_characters: oneOf("allow", "block"),
    sequential_characters: oneOf("allow", "block"),
    max_length_exceeded: oneOf("truncate", "error"),
  }),
  dictionary: closed({
    active: flag,
    custom: list(text({ maxLength: 50 })),
    default: oneOf("en_10k", "en_100k"),
  }),
  history: closed({ active: flag, size: whole(1, 24) }),
  profile_data: closed({ active: flag, blocked_fields: list(text({ maxLength: 100 })) }),
});

const scripts = `login get_user delete change_password verify create change_username change_email change_phone_number`;

const idTokenAlgorithms = oneOf("ES256", "ES384", "PS256", "PS384", "RS256", "RS384", "RS512");

/** Fields whose form is known; a provider has more of its own. */
const options = open({
  validation: orNull(
    closed({
      username: orNull(closed({ min: whole(1), max: { type: "integer", maximum: 128 } }, "min", "max")),
    }),
  ),
  attributes,
  precedence: list(oneOf("email", "phone_number", "username"), { minItems: 3 }),
  non_persistent_attrs: orNull(list(text())),
  enable_script_context: flag,
  enabledDatabaseCustomization: flag,
  import_mode: flag,
  configuration: orNull(dictionary(orNull(text()))),
  customScripts: open(Object.fromEntries(scripts.split(" ").map((name) => [name, text({ minLength: 1 })]))),
  authentication_methods: orNull(
    closed({
      password: closed({
        enabled: flag,
        api_behavior: oneOf("required", "optional"),
        signup_behavior: oneOf("allow", "block"),
      }),
      passkey: enabled,
      email_otp: enabled,
      phone_otp: enabled,
    }),
  ),
  passkey_options: orNull(
    closed({
      challenge_ui: oneOf("both", "autofill", "button"),
      progressive_enrollment_enabled: flag,
      local_enrollment_enabled: flag,
    }),
  ),
  passwordPolicy: orNull(oneOf("none", "low", "fair", "good", "excellent")),
  password_complexity_options: orNull(closed({ min_length: whole(1, 128) })),
  password_history: orNull(closed({ enable: flag, size: whole(0, 24) }, "enable")),
  password_no_personal_info: orNull(closed({ enable: flag }, "enable")),
  password_dictionary: orNull(closed({ enable: flag, dictionary: list(text({ maxLength: 50 })) }, "enable")),
  password_options: passwordOptions,
  disable_self_service_change_password: flag,
  upstream_params: orNull(
    dictionary({
      type: "object",
      oneOf: [
        closed({ alias: oneOf(...upstreamAliases.split(/\s+/)) }, "alias"),
        closed({ value: text() }, "value"),
      ],
    }),
  ),
  set_user_root_attributes: oneOf("on_each_login", "on_first_login", "never_on_login"),
  federated_connections_access_tokens: orNull(closed({ active: flag })),
  assertion_decryption_settings: closed(
    {
      algorithm_profile: oneOf("v2026-1"),
      algorithm_exceptions: list(text({ minLength: 1, maxLength: 100 })),
    },
    "algorithm_profile",
  ),
  id_token_signed_response_algs: orNull(list(idTokenAlgorithms)),
  dpop_signing_alg: oneOf("ES256", "ES384", "ES512", "Ed25519"),
  token_endpoint_auth_method: orNull(oneOf("client_secret_post", "private_key_jwt")),
  token_endpoint_auth_signing_alg: orNull(idTokenAlgorithms),
  token_endpoint_jwtca_aud_format: oneOf("issuer", "token_endpoint"),
  id_token_session_expiry_supported: flag,
});

const fields = {
  display_name: text({ maxLength: 128 }),
  is_domain_connection: flag,
  show_as_button: flag,
  realms: list(text()),
  metadata: dictionary(orNull(text({ maxLength: 255 })), 10),
  authentication: closed({ active: flag }, "active"),
  connected_accounts: closed({ active: flag, cross_app_access: flag }, "active"),
  cross_app_access_requesting_app: closed({ active: flag }, "active"),
  // Not documented, but what real tenants take.
  cross_app_access_resource_app: open(),
};

const enabledClients = list(text());

/** The body of POST /connections. */
export const createConnectionSchema = closed(
  {
    ...fields,
    name: text({ maxLength: 128, pattern: "^[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*$" }),
    strategy: oneOf(...strategies.split(/\s+/)),
    options,
    enabled_clients: enabledClients,
  },
  "name",
  "strategy",
);

/** The body of PATCH /connections/{id}. */
export const updateConnectionSchema = notEmpty(
  closed({
    ...fields,
    cross_app_access_resource_app: orNull(open()),
    options: orNull(options),
    enabled_clients: orNull(enabledClients),
  }),
);

/** The body of PATCH /connections/{id}/clients. */
export const clientStatusesSchema: BodySchema = list(
  closed({ client_id: text(), status: flag }, "client_id", "status"),
  { minItems: 1, maxItems: 50 },
);
