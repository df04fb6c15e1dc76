import { ExpectedError } from "../../infra/expected-error.ts";
import { validPictureUrl } from "../../policy/picture-url.ts";
import type { PictureSettings } from "../../policy/settings.ts";

/**
 * The address as a login gives it, if the policy allows it for a user's own picture.
 *
 * @throws ExpectedError `picture-url-not-allowed`.
 */
export function checkPictureUrl(text: string, settings: PictureSettings): string {
  const url = validPictureUrl(text, settings);
  if (url !== undefined) return url;
  const { allowedHosts, maxLength } = settings;
  const hosts =
    allowedHosts.length > 0
      ? `one of the hosts ${allowedHosts.join(", ")} (config key allowedHosts)`
      : "a public host with a name, on the standard port";
  throw new ExpectedError(
    "picture-url-not-allowed",
    `A login would ignore this address. It needs https without user name and password, at most ${maxLength} characters, and ${hosts}. ` +
      "Use another address, or --file, which stores the picture in the stack's bucket.",
  );
}
