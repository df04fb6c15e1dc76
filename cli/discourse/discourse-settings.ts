import { ExpectedError } from "../../infra/expected-error.ts";
import { httpsBaseUrl } from "../../infra/url-values.ts";
import { parseUrl } from "../../policy/picture-url.ts";
import { given, type Environment } from "../environment.ts";
import { parseExternalIdTemplate, type ExternalIdTemplate } from "./external-id-template.ts";
import type { StackConfig } from "./stack-config.ts";

/** What the Discourse commands need to know. Never shown as a whole: it holds two secrets. */
export interface DiscourseSettings {
  /** The forum's address without a final slash; a forum in a subfolder has a path. */
  readonly url: string;
  readonly apiKey: string;
  /** The staff account that the key acts as. */
  readonly apiUsername: string;
  /** The site setting `discourse_connect_secret`. */
  readonly connectSecret: string;
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
 * The keys have a namespace of their own: the Pulumi program reads and checks `auth0-user-pictures:` only, so that
 * these never become part of a deployment.
 */
const places = {
  url: { variable: "DISCOURSE_URL", key: "discourse:url" },
  apiKey: { variable: "DISCOURSE_API_KEY", key: "discourse:apiKey", secret: true },
  apiUsername: { variable: "DISCOURSE_API_USERNAME", key: "discourse:apiUsername" },
  connectSecret: { variable: "DISCOURSE_CONNECT_SECRET", key: "discourse:connectSecret", secret: true },
  externalId: { variable: "DISCOURSE_EXTERNAL_ID", key: "discourse:externalId" },
} as const satisfies Record<string, Place>;

/** Without these there are no settings; the others have defaults. */
export const requiredVariables = [places.url, places.apiKey, places.connectSecret].map(
  ({ variable }) => variable,
);

/**
 * Reads the settings from environment variables, else from the stack's configuration, where the two secrets must be
 * encrypted.
 *
 * @throws ExpectedError `discourse-settings-missing`, `discourse-settings-invalid` or `discourse-secret-in-clear`.
 */
export function readDiscourseSettings(env: Environment, config: StackConfig = {}): DiscourseSettings {
  const read = (place: Place) => given(env, place.variable) ?? fromConfig(config, place);
  const url = read(places.url);
  const apiKey = read(places.apiKey);
  const connectSecret = read(places.connectSecret);
  if (url === undefined || apiKey === undefined || connectSecret === undefined) {
    throw missing({ url, apiKey, connectSecret });
  }
  return {
    url: forumUrl(url),
    apiKey: headerValue(places.apiKey, apiKey),
    apiUsername: headerValue(places.apiUsername, read(places.apiUsername) ?? "system"),
    connectSecret,
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
      `${key} stands unencrypted in the stack's configuration. Take it for known: make a new one in Discourse, then type it ` +
        `into pulumi config set --secret ${key}, or give it in ${variable}.`,
    );
  }
  return text;
}

function missing(
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
    `${variable} (or ${key}) holds a character that cannot be sent. Copy it again, without blanks and quotes.`,
  );
}
