import { ExpectedError } from "../expected-error.ts";

/** A scope of the Management API names one operation on one kind of thing: `read:users`. */
const scopeForm = /^[a-z]+:[a-z0-9_]+$/;

/**
 * Gives the scopes back where each names exactly what it allows.
 *
 * @param client The client that gets them, for the message.
 * @throws ExpectedError `wildcard-scope` for `*`, `read:*` and whatever else is no plain scope.
 */
export function withoutWildcards<S extends string>(client: string, scopes: readonly S[]): S[] {
  const strange = scopes.filter((scope) => !scopeForm.test(scope));
  if (strange.length === 0) return [...scopes];
  const named = strange.map((scope) => JSON.stringify(scope)).join(", ");
  const message = `Client ${client} would get ${named}. Name each scope that it needs, such as "read:users".`;
  throw new ExpectedError("wildcard-scope", message);
}
