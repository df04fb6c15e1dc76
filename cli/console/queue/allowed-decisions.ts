import { blocking } from "../../people/block-plans.ts";
import { changing } from "../../people/change-picture.ts";
import type { People } from "../../people/people.ts";
import { whyNot } from "../decisions/person-commands.ts";

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
  const [mayBlock, mayChange] = [whyNot(people, blocking), whyNot(people, changing)];
  const [block, clear] = [mayBlock === undefined, mayChange === undefined];
  return { fine: block, block, clear, missing: mayBlock ?? mayChange };
}
