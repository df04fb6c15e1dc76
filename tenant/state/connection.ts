import { isJsonObject, type JsonObject, type JsonValue } from "../../lib/json.ts";
import { derivedOptions, firstOptions, isOfMicrosoftPlatform } from "./connection-options.ts";
import { randomAlphanumeric } from "./ids-and-timestamps.ts";

export interface ConnectionRecord {
  id: string;
  name: string;
  /** `auth0` for a database, otherwise the provider, such as `google-oauth2`. */
  strategy: string;
  options: JsonObject;
  enabled_clients: string[];
  [field: string]: JsonValue | undefined;
}

/** Users of these have no upstream provider: a database's and passwordless ones'. */
const ownStrategies = new Set(["auth0", "email", "sms"]);

/** Companies' own providers: a login page may show a button for each. */
const enterpriseStrategies = new Set([
  "ad",
  "adfs",
  "google-apps",
  "oidc",
  "okta",
  "pingfederate",
  "samlp",
  "waad",
]);

/** Of those: set up by somebody at the company, who is sent an address for it. */
const provisionedStrategies = new Set(["ad", "adfs", "google-apps", "pingfederate", "samlp", "waad"]);

/** A connection with the defaults that a real tenant's reply shows. */
export function newConnection(
  input: JsonObject & { name: string; strategy: string },
  domain: string,
): ConnectionRecord {
  const { options, ...fields } = input;
  const { strategy } = input;
  const ticket = `https://${domain}/p/${strategy}/${randomAlphanumeric(8)}`;
  const isProvisioned =
    provisionedStrategies.has(strategy) && !(isJsonObject(options) && isOfMicrosoftPlatform(options));
  return {
    id: `con_${randomAlphanumeric(16)}`,
    is_domain_connection: false,
    ...(enterpriseStrategies.has(strategy) ? { show_as_button: false } : {}),
    ...(isProvisioned ? { provisioning_ticket_url: ticket } : {}),
    ...(strategy === "oidc" || strategy === "waad" ? { display_name: input.name } : {}),
    realms: [input.name],
    enabled_clients: [],
    authentication: { active: true },
    connected_accounts: { active: false },
    ...fields,
    options: firstOptions(strategy, isJsonObject(options) ? options : {}, domain),
  };
}

/** Applies a PATCH. `options` is replaced whole: whoever sends a part of it loses the rest. */
export function changeConnection(connection: ConnectionRecord, input: JsonObject, domain: string): void {
  const { options, enabled_clients, ...fields } = input;
  Object.assign(connection, fields);
  if (fields["cross_app_access_resource_app"] === null) delete connection["cross_app_access_resource_app"];
  if (isJsonObject(options)) {
    connection.options = derivedOptions(connection.strategy, options, domain, connection.options);
  }
  if (Array.isArray(enabled_clients)) connection.enabled_clients = enabled_clients as string[];
}

/**
 * Why these options are refused, in the words that were observed; undefined where they are not.
 *
 * @param former Those of the connection that is changed; left out for a new one.
 */
export function optionsProblem(options: JsonObject, former?: JsonObject): string | undefined {
  const { attributes } = options;
  if (!isJsonObject(attributes)) return undefined;
  if (isSet(options["validation"])) return "Cannot set both options.attributes and options.validation";
  if (options["requires_username"] === true) {
    return "Cannot set both options.attributes and options.requires_username";
  }
  const known = Object.entries(attributes).filter((entry): entry is [string, JsonObject] =>
    isJsonObject(entry[1]),
  );
  const active = known.filter(
    ([, { identifier }]) => isJsonObject(identifier) && identifier["active"] === true,
  );
  if (active.length === 0) return "attributes must contain one active identifier";
  const inactive = active.find(([, { signup }]) => isJsonObject(signup) && signup["status"] === "inactive");
  if (inactive) return `attribute ${inactive[0]} must also be required on signup`;
  const wasUnique = former !== undefined && isUnique(emailOf(former));
  return wasUnique && !isUnique(attributes["email"]) ? "cannot add non-unique email attribute" : undefined;
}

function isSet(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null;
}

function emailOf({ attributes }: JsonObject): JsonValue | undefined {
  return isJsonObject(attributes) ? attributes["email"] : undefined;
}

function isUnique(value: JsonValue | undefined): boolean {
  return !isJsonObject(value) || value["unique"] !== false;
}

/** Whether each login overwrites root attributes such as `picture` from the provider: `on_each_login` is the default. */
export function syncsAtEachLogin(connection: ConnectionRecord): boolean {
  if (ownStrategies.has(connection.strategy)) return false;
  const setting = connection.options["set_user_root_attributes"] ?? "on_each_login";
  return setting === "on_each_login";
}
