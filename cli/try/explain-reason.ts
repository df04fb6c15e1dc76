import { readBundleHeader } from "../../infra/bundle-header.ts";
import { asksForProfile, optsOut } from "../../policy/login.ts";
import { decideOwnPicture } from "../../policy/own-picture.ts";
import { decideRootPicture } from "../../policy/root-picture.ts";

/**
 * Why the Action does what it does to this login, by this program's policy with the settings of the code: a row of
 * docs/picture-policy.md. An Action says no reason itself.
 */
export function explainReason(action: string, code: string, event: object): string {
  const settings = readBundleHeader(code)?.settings;
  if (settings === undefined) return "unknown (the code has no header of this project)";
  if (!asksForProfile(event, settings)) return "not-asked";
  if (action === "user-picture") {
    return decideOwnPicture(event, settings)?.reason ?? "none (the user decided nothing)";
  }
  return optsOut(event) ? "off" : decideRootPicture(event, settings).reason;
}
