import type { User } from "../../auth0/user.ts";
import { envVar, type Environment } from "../../lib/environment.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { parseUrl } from "../../lib/url.ts";
import { readPath } from "../../policy/login.ts";
import { httpsBaseUrl } from "../../stack/url-values.ts";

/** What the Discourse commands need to know. Never shown as a whole: it holds two secrets. */
export interface DiscourseSettings {
  /** The forum's address without a final slash; a forum in a subfolder has a path. */
  readonly url: string;
  readonly apiKey: string;
  /** The staff account that the key acts as. */
  readonly apiUsername: string;
  /** The site setting `discourse_connect_secret`; forums without DiscourseConnect do without it. */
  readonly connectSecret: string | undefined;
  /** What the forum calls the login method that stands for Auth0; where it is left out, the forum's settings say it. */
  readonly provider: string | undefined;
  /** Gives the id under which single sign-on knows a user there. */
  readonly externalId: ExternalIdTemplate;
}

/** The places of one setting: an environment variable, and a key of the stack's configuration. */
interface Place {
  readonly variable: string;
  readonly key: string;
  readonly secret?: true;
}

/**
 * The keys have a namespace of their own: the Pulumi program reads and checks its project's only, so that
 * these never become part of a deployment.
 */
const places = {
  url: { variable: "DISCOURSE_URL", key: "discourse:url" },
  apiKey: { variable: "DISCOURSE_API_KEY", key: "discourse:apiKey", secret: true },
  apiUsername: { variable: "DISCOURSE_API_USERNAME", key: "discourse:apiUsername" },
  connectSecret: { variable: "DISCOURSE_CONNECT_SECRET", key: "discourse:connectSecret", secret: true },
  provider: { variable: "DISCOURSE_PROVIDER", key: "discourse:provider" },
  externalId: { variable: "DISCOURSE_EXTERNAL_ID", key: "discourse:externalId" },
} as const satisfies Record<string, Place>;

/** Where the environment has these, and what a way of signing in needs, nothing else is asked. */
export const requiredVariables = [places.url, places.apiKey, places.connectSecret].map(
  ({ variable }) => variable,
);

/** Whether the environment says enough: the provider stands for the secret where a forum has no DiscourseConnect. */
export function isCompleteEnvironment(env: Environment): boolean {
  const has = ({ variable }: Place) => envVar(env, variable) !== undefined;
  return has(places.url) && has(places.apiKey) && (has(places.connectSecret) || has(places.provider));
}

/**
 * Reads the settings from environment variables, else from the stack's configuration, where the two secrets must be
 * encrypted.
 *
 * @throws ExpectedError `discourse-settings-missing`, `discourse-settings-invalid` or `discourse-secret-in-clear`.
 */
export function readDiscourseSettings(env: Environment, config: StackConfig = {}): DiscourseSettings {
  const read = (place: Place) => envVar(env, place.variable) ?? fromConfig(config, place);
  const url = read(places.url);
  const apiKey = read(places.apiKey);
  const connectSecret = read(places.connectSecret);
  const provider = read(places.provider);
  if (url === undefined || apiKey === undefined) {
    throw missingSettings({ url, apiKey, connectSecret: connectSecret ?? provider });
  }
  return {
    url: forumUrl(url),
    apiKey: headerValue(places.apiKey, apiKey),
    apiUsername: headerValue(places.apiUsername, read(places.apiUsername) ?? "system"),
    connectSecret,
    provider: provider === undefined ? undefined : providerName(provider),
    externalId: parseExternalIdTemplate(read(places.externalId) ?? "{user_id}"),
  };
}

function fromConfig(config: StackConfig, { variable, key, secret }: Place): string | undefined {
  const found = config[key];
  const text = found?.value.trim() ?? "";
  if (text === "") return undefined;
  if (secret === true && found?.secret !== true) {
    throw new ExpectedError(
      "discourse-secret-in-clear",
      `${key} is unencrypted in the stack's configuration. Treat it as leaked: create a new one in Discourse, then enter it ` +
        `in pulumi config set --secret ${key}, or set it in ${variable}.`,
    );
  }
  return text;
}

/** By the settings' values: undefined for one that is not set. */
export function missingSettings(
  values: Readonly<Record<"url" | "apiKey" | "connectSecret", string | undefined>>,
): ExpectedError {
  const names = (["url", "apiKey", "connectSecret"] as const)
    .filter((name) => values[name] === undefined)
    .map((name) => `${places[name].variable} (or ${places[name].key})`);
  return new ExpectedError(
    "discourse-settings-missing",
    `${new Intl.ListFormat("en").format(names)} ${names.length === 1 ? "is" : "are"} not set. Set environment variables, or ` +
      `keys of the stack's configuration, secrets with pulumi config set --secret. See docs/discourse.md.`,
  );
}

/** It becomes a part of an address. */
function providerName(text: string): string {
  if (/^[a-z0-9_-]+$/i.test(text)) return text;
  throw new ExpectedError(
    "discourse-settings-invalid",
    `${places.provider.variable} (or ${places.provider.key}) is not the name of a login method: oidc for OpenID Connect, ` +
      `oauth2_basic for OAuth2 Basic.`,
  );
}

/** Plain http only to this machine: the key would travel in clear. */
function forumUrl(text: string): string {
  const url = parseUrl(text);
  const isLocal = url !== undefined && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (isLocal && url.protocol === "http:") return url.href.replace(/\/+$/, "");
  const parsed = httpsBaseUrl(text);
  if ("value" in parsed) return parsed.value;
  const { why, remedy } = parsed.problem;
  throw new ExpectedError(
    "discourse-settings-invalid",
    `${places.url.variable} (or ${places.url.key}) ${why}: ${remedy}.`,
  );
}

/** A line break in a header would fail later, in words that show the key. */
function headerValue({ variable, key }: Place, text: string): string {
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new ExpectedError(
    "discourse-settings-invalid",
    `${variable} (or ${key}) contains a character that cannot be sent. Copy it again, without spaces and quotes.`,
  );
}

/** The external id of a user; undefined where the user lacks what the template names. */
type ExternalIdTemplate = (user: User) => string | undefined;

const placeholder = /\{([^{}]*)\}/g;

/**
 * Reads a mapping such as `{user_id}`, `{app_metadata.forum.id}` or `acme-{user_id}`.
 *
 * `user_metadata` and the email are refused: where users write them, a user could name another one's account.
 *
 * @throws ExpectedError `discourse-settings-invalid`.
 */
export function parseExternalIdTemplate(template: string): ExternalIdTemplate {
  const names = [...template.matchAll(placeholder)].map(([, name = ""]) => name);
  const rest = template.replace(placeholder, "");
  if (names.length === 0 || /[{}]/.test(rest)) {
    throw invalid(template, "has no placeholder, or a brace that is not closed");
  }
  for (const name of names) check(template, name);
  return (user) => {
    const values = new Map(names.map((name) => [name, valueOf(user, name)]));
    if ([...values.values()].includes(undefined)) return undefined;
    return template.replace(placeholder, (_whole, name: string) => values.get(name) ?? "");
  };
}

function check(template: string, name: string): void {
  if (name === "user_id" || /^app_metadata(\.[^.]+)+$/.test(name)) return;
  const why = /^(user_metadata|email|name|nickname|username)\b/.test(name)
    ? `names {${name}}, which users can change: they could name another user's account`
    : `names {${name}}, which is unknown`;
  throw invalid(template, why);
}

function valueOf(user: User, name: string): string | undefined {
  const value = readPath(user, ...name.split("."));
  if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

function invalid(template: string, why: string): ExpectedError {
  return new ExpectedError(
    "discourse-settings-invalid",
    `DISCOURSE_EXTERNAL_ID (or discourse:externalId) is ${template}, which ${why}. Use {user_id} or a key of app_metadata, ` +
      `such as {app_metadata.discourse_id}.`,
  );
}

/**
 * Whether Discourse can find a user by this id. It refuses some words (DiscourseConnect::BANNED_EXTERNAL_IDS in its
 * sources), and the lookup by address takes `.json` off the end.
 */
export function isUsableExternalId(id: string): boolean {
  if (id.trim() === "" || /[\p{Cc}/]/u.test(id)) return false;
  return !/^(none|nil|blank|null)$/i.test(id.trim()) && !/\.json$/i.test(id);
}

/** A stack's configuration by key with its namespace, as far as it is text. Never shown: secrets are in plain text. */
export type StackConfig = Readonly<Record<string, { readonly value: string; readonly secret: boolean }>>;

/** Reads what `pulumi config --json --show-secrets` printed; values that are not strings are left out. */
export function parseStackConfig(json: unknown): StackConfig {
  if (typeof json !== "object" || json === null) return {};
  const entries = Object.entries(json).flatMap(([key, entry]: [string, unknown]) => {
    const value = readPath(entry, "value");
    return typeof value === "string"
      ? [[key, { value, secret: readPath(entry, "secret") === true }] as const]
      : [];
  });
  return Object.fromEntries(entries);
}
