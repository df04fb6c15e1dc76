import { connectDiscourse, type Discourse } from "../discourse/discourse.ts";
import type { DiscourseUser } from "../discourse/discourse-user.ts";
import { findDiscourseSettings } from "../discourse/find-discourse-settings.ts";
import { probePictureUrl } from "../probe/probe-picture-url.ts";
import { nextLogin } from "./next-login.ts";
import type { People } from "./people.ts";
import type { User } from "./user.ts";

/** @param probe Whether a picture is fetched before it is sent: not where it is on a host of one's own network. */
export async function openDiscourse({ stack, env }: People, probe: boolean): Promise<Discourse> {
  const settings = await findDiscourseSettings(stack, env);
  return connectDiscourse(settings, probe ? { probe: probePictureUrl } : {});
}

/** A user of the tenant as the forum's functions need one, with the picture that the next login shows. */
export function discourseUser({ settings }: People, discourse: Discourse, user: User): DiscourseUser {
  return {
    userId: user.user_id,
    externalId: discourse.settings.externalId(user),
    emailVerified: user["email_verified"] === true,
    pictureUrl: nextLogin(user, settings).picture ?? undefined,
  };
}
