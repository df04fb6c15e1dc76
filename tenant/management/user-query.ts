import { valueIn } from "../../lib/json.ts";
import type { Identity, UserProfile } from "../state/user.ts";
import { ManagementError } from "./answer.ts";

type Test = (user: UserProfile) => boolean;

/** The root fields that `q` may name here, besides those of identities and metadata; the rest of Lucene's syntax is not imitated. */
const searchable = new Set([
  "email",
  "email_verified",
  "user_id",
  "username",
  "name",
  "nickname",
  "given_name",
  "family_name",
  "picture",
  "blocked",
  "created_at",
  "updated_at",
  "last_login",
  "last_ip",
  "logins_count",
]);

const timeFields = new Set(["created_at", "updated_at", "last_login"]);

/**
 * What `q` may name of the identities. A list of objects is searched field by field: a user with two identities has the
 * provider of one and the id of the other. Letter case counts, as in every field that Auth0 does not normalise.
 */
const identityFields: Readonly<Record<string, (identity: Identity) => string>> = {
  "identities.user_id": ({ user_id }) => user_id,
  "identities.provider": ({ provider }) => provider,
  "identities.connection": ({ connection }) => connection,
};

const metadataField = /^(user|app)_metadata(\.|$)/;

const bareFields = ["email", "name", "nickname", "username", "user_id"];

/** One `field:value`, `field:"quoted value"` (a backslash escapes) or bare word. */
const term = /^(?:(\w+(?:\.\w+)*):)?(?:"((?:[^"\\]|\\.)*)"|([^\s"()[\]{}]+))\s*/;

/** `field:[min TO max]`: a square bracket takes the bound in, a curly one leaves it out, `*` is no bound. */
const range = /^(\w+):([[{])\s*("?)([^\s"]+)\3 TO ("?)([^\s"\]}]+)\5\s*([\]}])\s*/;

/** What the pattern above takes for a word: a field without a value, an operator without a term. */
const malformedWord = /^(\w+:|AND|OR|NOT)$/;

/**
 * The test that a search `q` stands for: terms joined by AND or OR (a space is OR, AND binds tighter), NOT in front of
 * one, a `*` at the end of a value for its beginning, ranges of times and numbers, and `_exists_:field`. Values match without
 * regard to case, but for those of identities and metadata. 400 for anything else.
 * https://auth0.com/docs/manage-users/user-search/user-search-query-syntax
 */
export function userQuery(q: string): Test {
  const alternatives: Test[][] = [[]];
  let rest = q.trim();
  let joinWithAnd = true;
  while (rest !== "") {
    const { test, length } = nextTerm(rest);
    rest = rest.slice(length);
    if (joinWithAnd) alternatives.at(-1)?.push(test);
    else alternatives.push([test]);
    const joiner = /^(AND|OR)\s+/.exec(rest);
    rest = rest.slice(joiner?.[0].length ?? 0);
    joinWithAnd = joiner?.[1] === "AND";
  }
  return (user) => alternatives.some((tests) => tests.every((test) => test(user)));
}

function nextTerm(text: string): { test: Test; length: number } {
  const not = /^NOT\s+/.exec(text)?.[0].length ?? 0;
  const { test, length } = rangeTerm(text.slice(not)) ?? plainTerm(text.slice(not));
  return { test: not > 0 ? (user) => !test(user) : test, length: not + length };
}

function plainTerm(text: string): { test: Test; length: number } {
  const match = term.exec(text);
  if (!match || malformedWord.test(match[0].trim())) throw badQuery();
  const [whole, field, quoted, plain] = match;
  const value = quoted?.replace(/\\(.)/g, "$1") ?? plain ?? "";
  const test = field === "_exists_" ? existenceTest(value) : fieldTest(field, value, quoted === undefined);
  return { test, length: whole.length };
}

function rangeTerm(text: string): { test: Test; length: number } | undefined {
  const match = range.exec(text);
  if (!match) return undefined;
  const [whole, field = "", open, , min = "", , max = "", close] = match;
  const least = { text: min, isIn: open === "[" };
  const most = { text: max, isIn: close === "]" };
  const test = timeFields.has(field)
    ? timeTest(field, least, most)
    : field === "logins_count"
      ? numberTest(field, least, most)
      : undefined;
  if (test === undefined) throw badQuery(field);
  return { test, length: whole.length };
}

interface Bound {
  readonly text: string;
  readonly isIn: boolean;
}

/** Times are compared as the text that they have in profiles: a day without a time is the whole day. */
function timeTest(field: string, min: Bound, max: Bound): Test {
  const from = min.text === "*" ? undefined : timeSpan(min.text);
  const to = max.text === "*" ? undefined : timeSpan(max.text);
  return (user) => {
    const time = user[field];
    if (typeof time !== "string") return false;
    const isFrom = from === undefined || (min.isIn ? time >= from.first : time > from.last);
    return isFrom && (to === undefined || (max.isIn ? time <= to.last : time < to.first));
  };
}

function timeSpan(text: string): { first: string; last: string } {
  const time = Date.parse(text);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(time)) throw badQuery();
  const length = text.length === "2026-01-01".length ? 24 * 60 * 60_000 - 1 : 0;
  return { first: new Date(time).toISOString(), last: new Date(time + length).toISOString() };
}

function numberTest(field: string, min: Bound, max: Bound): Test {
  const [from, to] = [
    min.text === "*" ? -Infinity : Number(min.text),
    max.text === "*" ? Infinity : Number(max.text),
  ];
  if (Number.isNaN(from) || Number.isNaN(to)) throw badQuery();
  return (user) => {
    const value = user[field];
    if (typeof value !== "number") return false;
    return (min.isIn ? value >= from : value > from) && (max.isIn ? value <= to : value < to);
  };
}

/** What is null, or a list or an object with nothing in it, is not indexed: it does not exist. */
function existenceTest(field: string): Test {
  if (metadataField.test(field)) return (user) => valuesAt(user, field.split(".")).length > 0;
  const ofIdentity = identityFields[field];
  if (ofIdentity !== undefined) return ({ identities }) => identities.length > 0;
  if (!searchable.has(field)) throw badQuery(field);
  return (user) => (user[field] ?? null) !== null;
}

function fieldTest(field: string | undefined, value: string, wildcard: boolean): Test {
  const ofIdentity = field === undefined ? undefined : identityFields[field];
  if (ofIdentity !== undefined) {
    if (wildcard && value.includes("*")) throw badQuery();
    return ({ identities }) => identities.some((identity) => ofIdentity(identity) === value);
  }
  if (field !== undefined && metadataField.test(field)) return metadataTest(field, value, wildcard);
  if (field !== undefined && !searchable.has(field)) throw badQuery(field);
  const matches = valueTest(value, wildcard);
  const fields = field === undefined ? bareFields : [field];
  return (user) => fields.some((name) => matches(user[name]));
}

/** By letter case, and in `user_metadata` without wildcards. */
function metadataTest(field: string, value: string, wildcard: boolean): Test {
  const path = field.split(".");
  const isStart = wildcard && value.endsWith("*");
  if (isStart && path[0] === "user_metadata") throw badQuery();
  return (user) =>
    valuesAt(user, path).some((found) => {
      const text = String(found);
      return isStart ? text.startsWith(value.slice(0, -1)) : text === value;
    });
}

/** All texts, numbers and truth values at the path and below it, in lists too. */
function valuesAt(from: unknown, path: readonly string[]): (string | number | boolean)[] {
  if (Array.isArray(from)) return from.flatMap((item) => valuesAt(item, path));
  const [name, ...rest] = path;
  if (name !== undefined) return valuesAt(valueIn(from, name), rest);
  if (typeof from === "object" && from !== null)
    return Object.values(from).flatMap((value) => valuesAt(value, []));
  const isValue = typeof from === "string" || typeof from === "number" || typeof from === "boolean";
  return isValue ? [from] : [];
}

function valueTest(wanted: string, wildcard: boolean): (value: unknown) => boolean {
  const text = wanted.toLowerCase();
  if (text === "*" && wildcard) return (value) => value !== undefined;
  const isStart = wildcard && text.endsWith("*");
  return (value) => {
    if (typeof value !== "string" && typeof value !== "boolean" && typeof value !== "number") return false;
    const actual = String(value).toLowerCase();
    return isStart ? actual.startsWith(text.slice(0, -1)) : actual === text;
  };
}

function badQuery(field?: string): ManagementError {
  const detail = field === undefined ? "" : ` The local tenant does not search the field '${field}'.`;
  return new ManagementError(
    400,
    `The query is malformed or not supported.${detail}`,
    "invalid_query_string",
  );
}
