import { samlAttributeOf } from "../policy/login.ts";
import type { PostLoginApi, PostLoginEvent } from "./post-login.ts";

/** The one effect of both Actions: the application gets this picture, as a claim or as a SAML attribute. */
export function showPicture(
  picture: string | null | undefined,
  event: PostLoginEvent,
  api: PostLoginApi,
): void {
  if (!picture) return;
  api.idToken.setCustomClaim("picture", picture);
  const attribute = samlAttributeOf(event, PICTURE_SETTINGS);
  if (attribute) api.samlResponse.setAttribute(attribute, picture);
}
