import { ExpectedError } from "../../../lib/errors.ts";
import { blocking } from "../../people/block-plans.ts";
import { changing, type ChangeNeeds } from "../../people/change-picture.ts";
import { requireScope, type People } from "../../people/people.ts";

/** What the client's scopes allow of the decisions about a picture. */
export interface Allowed {
  readonly fine: boolean;
  readonly block: boolean;
  readonly clear: boolean;
  /** Why not all of them, for people, with what to do about it; undefined where nothing is missing. */
  readonly missing: string | undefined;
}

/** As the commands ask for scopes: what is not allowed is not offered. */
export function allowedDecisions(people: Pick<People, "access" | "clientId">): Allowed {
  const [mayBlock, mayChange] = [refusalOf(people, blocking), refusalOf(people, changing)];
  const [block, clear] = [mayBlock === undefined, mayChange === undefined];
  return { fine: block, block, clear, missing: mayBlock ?? mayChange };
}

function refusalOf(
  people: Pick<People, "access" | "clientId">,
  { scopes, capability }: ChangeNeeds,
): string | undefined {
  try {
    requireScope(people, scopes, capability);
    return undefined;
  } catch (error) {
    if (error instanceof ExpectedError) return error.message;
    throw error;
  }
}
