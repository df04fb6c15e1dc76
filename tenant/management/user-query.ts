import type { Identity, UserProfile } from "../state/user.ts";
import { ManagementError } from "./answer.ts";

type Test = (user: UserProfile) => boolean;

/** The root fields that `q` may name here, besides those of identities; metadata and the rest of Lucene's syntax are not imitated. */
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
]);

/**
 * What `q` may name of the identities. A list of objects is searched field by field: a user with two identities has the
 * provider of one and the id of the other. Letter case counts, as in every field that Auth0 does not normalise.
 */
const identityFields: Readonly<Record<string, (identity: Identity) => string>> = {
  "identities.user_id": ({ user_id }) => user_id,
  "identities.provider": ({ provider }) => provider,
  "identities.connection": ({ connection }) => connection,
};

const bareFields = ["email", "name", "nickname", "username", "user_id"];

/** One `field:value`, `field:"quoted value"` (a backslash escapes) or bare word. */
const term = /^(?:(\w+(?:\.\w+)*):)?(?:"((?:[^"\\]|\\.)*)"|([^\s"()]+))\s*/;

/** What the pattern above takes for a word: a field without a value, an operator without a term. */
const malformedWord = /^(\w+:|AND|OR|NOT)$/;

/**
 * The test that a search `q` stands for: terms joined by AND or OR (a space is OR, AND binds tighter), NOT in front of
 * one, a `*` at the end of a value for its beginning. Values match without regard to case. 400 for anything else.
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
  const match = term.exec(text.slice(not));
  if (!match || malformedWord.test(match[0].trim())) throw badQuery();
  const [whole, field, quoted, plain] = match;
  const value = quoted?.replace(/\\(.)/g, "$1") ?? plain ?? "";
  const test = fieldTest(field, value, quoted === undefined);
  return { test: not > 0 ? (user) => !test(user) : test, length: not + whole.length };
}

function fieldTest(field: string | undefined, value: string, wildcard: boolean): Test {
  const ofIdentity = field === undefined ? undefined : identityFields[field];
  if (ofIdentity !== undefined) {
    if (wildcard && value.includes("*")) throw badQuery();
    return ({ identities }) => identities.some((identity) => ofIdentity(identity) === value);
  }
  if (field !== undefined && !searchable.has(field)) throw badQuery(field);
  const matches = valueTest(value, wildcard);
  const fields = field === undefined ? bareFields : [field];
  return (user) => fields.some((name) => matches(user[name]));
}

function valueTest(wanted: string, wildcard: boolean): (value: unknown) => boolean {
  const text = wanted.toLowerCase();
  if (text === "*" && wildcard) return (value) => value !== undefined;
  const isStart = wildcard && text.endsWith("*");
  return (value) => {
    if (typeof value !== "string" && typeof value !== "boolean") return false;
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
