import { readDiscourseSettings } from "../../../cli/discourse/discourse-settings.ts";
import type { DiscourseUser } from "../../../cli/discourse/discourse-user.ts";
import { connectDiscourse, type Discourse, type DiscourseOptions } from "../../../cli/discourse/discourse.ts";
import { fakeClock } from "../../lib/fake-clock.ts";
import { startLocalDiscourse, type LocalDiscourse, type LocalDiscourseOptions } from "./local-discourse.ts";

export interface Forum extends LocalDiscourse {
  /** Connects with the forum's key and secret, or with what `env` says instead. */
  readonly connect: (options?: DiscourseOptions, env?: Readonly<Record<string, string>>) => Discourse;
}

/** Starts forums with a clock of their own; those of a test are closed after it. */
export function forums(): (options?: Omit<LocalDiscourseOptions, "clock">) => Promise<Forum> {
  let started: LocalDiscourse[] = [];
  afterEach(async () => {
    await Promise.all(started.map((forum) => forum.close()));
    started = [];
  });
  return async (options = {}) => {
    const clock = fakeClock();
    const forum = await startLocalDiscourse({ ...options, clock });
    started.push(forum);
    const variables = {
      DISCOURSE_URL: forum.url,
      DISCOURSE_API_KEY: forum.apiKey,
      DISCOURSE_CONNECT_SECRET: forum.connectSecret,
    };
    return {
      ...forum,
      connect: (connectOptions = {}, env = {}) =>
        connectDiscourse(readDiscourseSettings({ ...variables, ...env }), { clock, ...connectOptions }),
    };
  };
}

export const ownUrl = "https://img.acme.com/users/4f/0123.png";
export const defaultUrl = "https://img.acme.com/default-0123.png";

/** A user with a verified email and an own picture. */
export function userAda(changes: Partial<DiscourseUser> = {}): DiscourseUser {
  return {
    userId: "auth0|ada",
    externalId: "auth0|ada",
    emailVerified: true,
    pictureUrl: ownUrl,
    ...changes,
  };
}

/** A forum that signs users in by OpenID Connect, with Ada's account as `addAda` makes it. */
export function addAdaByOpenIdConnect(forum: Forum) {
  Object.assign(forum.state.settings, {
    enable_discourse_connect: false,
    discourse_connect_overrides_avatar: false,
    openid_connect_enabled: true,
  });
  const ada = addAda(forum);
  forum.state.records.clear();
  forum.state.associated.set("oidc auth0|ada", ada.id);
  return ada;
}

/** Ada's account, which shows a picture that she uploaded, with the pictures that the forum can fetch. */
export function addAda({ state }: Forum) {
  state.pictures.set(ownUrl, "Ada's face").set(defaultUrl, "the default");
  const old = state.upload("an older picture");
  return state.addAccount({ username: "ada", uploadedAvatarId: old, customUploadId: old }, "auth0|ada");
}
