import { ExpectedError } from "../../infra/expected-error.ts";
import { readPath } from "../../policy/login.ts";

/** A user as the Management API gives it; only what a template may name is read. */
export interface MappedUser {
  readonly user_id: string;
  readonly app_metadata?: unknown;
}

/** The external id of a user; undefined where the user lacks what the template names. */
export type ExternalIdTemplate = (user: MappedUser) => string | undefined;

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
    throw invalid(template, "holds no placeholder, or a brace that is not closed");
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
    : `names {${name}}, which is not known`;
  throw invalid(template, why);
}

function valueOf(user: MappedUser, name: string): string | undefined {
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
