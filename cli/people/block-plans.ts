import type { User } from "../../auth0/user.ts";
import { UsageError } from "../../lib/errors.ts";
import { readPath } from "../../policy/login.ts";
import { blockNote } from "./block-state.ts";
import type { ChangeNeeds, Plan } from "./change-picture.ts";
import type { People } from "./people.ts";

/** Changing `app_metadata` alone is what Auth0 has a scope of its own for. */
export const blocking: ChangeNeeds = {
  scopes: ["update:users_app_metadata", "update:users"],
  capability: "block",
  work: ["blocks"],
};

/** @throws UsageError `reason-missing` where the reason is blank. */
export function blockPlan({ clientId, now }: People, user: User, reason: string): Plan {
  const text = reason.trim();
  if (text === "")
    throw new UsageError("reason-missing", "--reason is empty: say why the picture is blocked.");
  const since = blockNote(user);
  return {
    change: {
      "app_metadata.picture_blocked": true,
      "app_metadata.picture_block": { reason: text, at: now().toISOString(), by: clientId },
    },
    notes:
      since === undefined ? [] : [`It is already blocked: ${since}. The new reason replaces the old one.`],
  };
}

/** Leaves the reason there: who blocked and who unblocked can be told afterwards. */
export function unblockPlan({ clientId, now }: People, user: User): Plan {
  const flag = readPath(user, "app_metadata", "picture_blocked");
  if (flag === undefined || flag === null || flag === false) return { change: {} };
  // A value that blocks nothing: there is no block to note the end of.
  if (flag !== true) return { change: { "app_metadata.picture_blocked": false } };
  const former = readPath(user, "app_metadata", "picture_block");
  const block = typeof former === "object" && former !== null && !Array.isArray(former) ? former : {};
  return {
    change: {
      "app_metadata.picture_blocked": false,
      "app_metadata.picture_block": { ...block, unblockedAt: now().toISOString(), unblockedBy: clientId },
    },
  };
}
