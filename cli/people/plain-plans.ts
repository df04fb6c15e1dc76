import type { Plan } from "./change-picture.ts";

/** The default image instead of any picture. */
export function clearPlan(): Plan {
  return { change: { "user_metadata.picture": "" } };
}

/** No own picture any more. */
export function useOriginalPlan(): Plan {
  return { change: { "user_metadata.picture": null } };
}

/** Whether the user's Gravatar may be shown. */
export function gravatarPlan(state: "on" | "off"): Plan {
  return { change: { "user_metadata.gravatar_disabled": state === "off" ? true : null } };
}
