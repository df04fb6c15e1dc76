import { ExpectedError } from "../../infra/expected-error.ts";
import type { People } from "./people.ts";

/**
 * Stops before anybody is asked anything where the client may not do it.
 *
 * @param scopes One of them is enough.
 * @param capability What config key `capabilities` calls it.
 * @throws ExpectedError `scope-missing`.
 */
export function requireScope(
  { access, clientId }: Pick<People, "access" | "clientId">,
  scopes: readonly string[],
  capability: string,
): void {
  // A token that is no JWT says nothing about its scopes; Auth0 answers 403 where they are too few.
  if (access.scopes.length === 0 || scopes.some((scope) => access.scopes.includes(scope))) return;
  throw new ExpectedError(
    "scope-missing",
    `Client ${clientId} may not do this: its token lacks the scope ${scopes[0] ?? ""}. Use a client with it, or add ` +
      `${capability} to config key capabilities, then run pulumi up.`,
  );
}
