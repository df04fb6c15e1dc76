import { decide, type Decision } from "../../policy/decide.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import { primaryIdentity, type User } from "./user.ts";

/**
 * What the user's next login shows by these settings, in an application that asks for the profile and does not opt out,
 * through the primary identity's connection. A provider's new picture is not known here.
 */
export function nextLogin(user: User, settings: PictureSettings): Decision {
  return decide({ user, connection: { strategy: primaryIdentity(user).provider } }, settings);
}
