import { decide, type Decision } from "../../policy/decide.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import type { User } from "./user.ts";

/**
 * What the user's next login shows by these settings, by whichever identity, in an application that asks for the profile and
 * does not opt out. A provider's new picture is not known here.
 */
export function nextLogin(user: User, settings: PictureSettings): Decision {
  return decide({ user }, settings);
}
