import type { People } from "../people/people.ts";
import { requireScope } from "../people/require-scope.ts";

/** Stops before anything is read where the client may not do it. */
export function requireBulkScopes(
  people: Pick<People, "access" | "clientId">,
  { yes, imports }: { readonly yes: boolean; readonly imports: boolean },
): void {
  requireScope(people, ["read:users"], "bulk");
  if (!yes) return;
  requireScope(people, ["update:users"], "bulk");
  if (!imports) return;
  requireScope(people, ["create:users"], "bulk");
  requireScope(people, ["read:connections"], "bulk");
}
