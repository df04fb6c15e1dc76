/** Kept before code of Actions may replace it: this runs beside it, too. */
const { isArray } = Array;

/** A user's profile as the Management API gives it. Only what is read here is named; every field may be of any type. */
export interface LoginProfile {
  readonly user_id?: unknown;
  readonly identities?: unknown;
  readonly user_metadata?: unknown;
  readonly app_metadata?: unknown;
  readonly logins_count?: unknown;
  readonly [field: string]: unknown;
}

/** What is known about a login or a refresh when its Actions run. */
export interface LoginMoment<Profile extends LoginProfile = LoginProfile> {
  tenantId: string;
  profile: Profile;
  /** The names of the user's roles. */
  roles: string[];
  /** Of the identity that logs in; undefined for the primary one, which then says what it can. */
  connection: { id?: string; name: string; strategy: string } | undefined;
  client: { client_id: string; name: string; client_metadata?: object };
  request: {
    ip: string;
    method: string;
    hostname: string;
    language?: string;
    userAgent?: string;
    query: Record<string, unknown>;
    body: Record<string, unknown>;
  };
  /** How and when the user proved who they are. */
  authentication?: { method: AuthenticationMethod; at: Date };
  sessionId?: string;
  /** The API that the application asks for. */
  audience?: string;
  transaction: LoginTransaction | PasswordTransaction | RefreshTransaction;
}

/** Auth0's names; a login without a second factor has one of these. */
export type AuthenticationMethod = "pwd" | "federated" | "email" | "sms";

export interface LoginTransaction {
  protocol: "oidc-basic-profile";
  requestedScopes: string[];
  redirectUri?: string;
  state?: string;
  prompt: string[];
  loginHint?: string;
  acrValues: string[];
  uiLocales: string[];
}

/** A login by the password grant, without a browser. */
export interface PasswordTransaction {
  protocol: "oauth2-password";
  requestedScopes: string[];
}

export interface RefreshTransaction {
  protocol: "oauth2-refresh-token";
}

/** The `event` of a post-login Action, without its secrets, after Auth0's documentation of the event object. */
export function loginEvent(moment: LoginMoment): object {
  return { ...loginCircumstances(moment), user: eventUser(moment.profile) };
}

/** The event without its user. */
export function loginCircumstances(moment: LoginMoment): object {
  const { audience, authentication, client, connection, profile, request, sessionId } = moment;
  return {
    ...(authentication
      ? {
          authentication: {
            methods: [{ name: authentication.method, timestamp: authentication.at.toISOString() }],
          },
        }
      : {}),
    authorization: { roles: moment.roles },
    client: { client_id: client.client_id, name: client.name, metadata: client.client_metadata ?? {} },
    connection: connection
      ? { id: connection.id, name: connection.name, strategy: connection.strategy, metadata: {} }
      : { ...identityConnection(profile), metadata: {} },
    request: {
      ip: request.ip,
      method: request.method,
      hostname: request.hostname,
      language: request.language,
      user_agent: request.userAgent,
      query: request.query,
      body: request.body,
      geoip: {},
    },
    ...(audience === undefined ? {} : { resource_server: { identifier: audience } }),
    ...(sessionId === undefined ? {} : { session: { id: sessionId } }),
    stats: loginStats(profile),
    tenant: { id: moment.tenantId },
    transaction: transactionOf(moment.transaction),
  };
}

/**
 * A plain login through the primary identity's connection: scopes openid, profile and email, no query, nothing of a browser.
 *
 * @param at When it was.
 */
export function plainLogin(
  profile: LoginProfile,
  { tenantId, client, at }: Pick<LoginMoment, "tenantId" | "client"> & { at: Date },
): LoginMoment {
  const { strategy } = identityConnection(profile);
  return {
    tenantId,
    profile,
    roles: [],
    connection: undefined,
    client,
    authentication: { method: authenticationMethod(strategy), at },
    request: { ip: "127.0.0.1", method: "GET", hostname: "", query: {}, body: {} },
    transaction: {
      protocol: "oidc-basic-profile",
      requestedScopes: ["openid", "profile", "email"],
      prompt: [],
      acrValues: [],
      uiLocales: [],
    },
  };
}

/** How a login by a connection of this strategy authenticates the user. */
export function authenticationMethod(strategy: unknown): AuthenticationMethod {
  if (strategy === "auth0") return "pwd";
  return strategy === "email" || strategy === "sms" ? strategy : "federated";
}

function identityConnection(profile: LoginProfile): { name: unknown; strategy: unknown } {
  const [first] = identitiesOf(profile);
  const { connection, provider } = Object(first) as { connection?: unknown; provider?: unknown };
  return { name: connection, strategy: provider };
}

/** Those of the record, the primary one first. A record without the field has the one that the user's id tells of. */
function identitiesOf({ identities, user_id: id }: LoginProfile): readonly unknown[] {
  if (isArray(identities)) return identities;
  const [provider = "", ...rest] = typeof id === "string" ? id.split("|") : [];
  return [{ provider, user_id: rest.join("|") }];
}

/**
 * At a refresh Auth0's `requested_scopes` "does not contain the expected information" (its support article on finding
 * scopes in Actions): what is there instead is not documented, and here it is absent.
 */
function transactionOf(transaction: LoginMoment["transaction"]): object {
  const { protocol } = transaction;
  if (protocol === "oauth2-refresh-token") return { protocol, metadata: {} };
  if (protocol === "oauth2-password") {
    return { protocol, requested_scopes: transaction.requestedScopes, metadata: {} };
  }
  return {
    protocol: transaction.protocol,
    requested_scopes: transaction.requestedScopes,
    redirect_uri: transaction.redirectUri,
    response_type: ["code"],
    state: transaction.state,
    prompt: transaction.prompt,
    login_hint: transaction.loginHint,
    acr_values: transaction.acrValues,
    ui_locales: transaction.uiLocales,
    metadata: {},
  };
}

/** The event's `stats`. */
export function loginStats({ logins_count: count }: LoginProfile): { logins_count: unknown } {
  return { logins_count: count ?? 0 };
}

/**
 * The event's user: the profile without the fields that no event has. Identities and both kinds of metadata are there
 * whatever the record has. Other root fields are as in the record: without a `picture` there, there is none here.
 */
export function eventUser(profile: LoginProfile): object {
  const { last_ip, last_login, logins_count, blocked, ...fields } = profile as Record<string, unknown>;
  return {
    ...fields,
    identities: identitiesOf(profile),
    user_metadata: objectOf(profile.user_metadata),
    app_metadata: objectOf(profile.app_metadata),
    ...addedToUser,
  };
}

/** What every event's user has, and no profile. */
export const addedToUser = { enrolledFactors: [] };

/** Root fields that no event has: they are about the record, or stand in the event's `stats`. */
export const fieldsOfNoEvent = ["last_ip", "last_login", "logins_count", "blocked"] as const;

/** Whether {@link eventUser} changes nothing but to leave out {@link fieldsOfNoEvent} and to add {@link addedToUser}. */
export function isEventUser({ identities, user_metadata: user, app_metadata: app }: LoginProfile): boolean {
  return isArray(identities) && objectOf(user) === user && objectOf(app) === app;
}

function objectOf(value: unknown): object {
  return typeof value === "object" && value !== null && !isArray(value) ? value : {};
}
