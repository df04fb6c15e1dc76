import { systemClock, type Clock } from "../../lib/clock.ts";
import type { DiscourseSettings } from "./discourse-settings.ts";
import { sendToDiscourse, type SendToDiscourse } from "./send-to-discourse.ts";
import { readSignInWay, type SignInWay } from "./sign-in-way.ts";
import { readSwitch, siteSettings, type ReadSiteSetting, type Switch } from "./site-settings.ts";

/** One forum, for as long as a command runs. */
export interface Discourse {
  readonly settings: DiscourseSettings;
  readonly send: SendToDiscourse;
  readonly siteSetting: ReadSiteSetting;
  /** How the forum signs users in with Auth0; asked once. Rejects as `readSignInWay` does. */
  readonly signInWay: () => Promise<SignInWay>;
  /** Whether single sign-on overrides avatars there: `discourse_connect_overrides_avatar`. */
  readonly avatarOverride: () => Promise<Switch>;
  readonly clock: Clock;
  /** How long an avatar is looked at until it counts as not changed. */
  readonly avatarWaitMs: number;
  readonly probe: ProbePicture | undefined;
  readonly fetchPicture: FetchPicture | undefined;
}

/** Rejects with an ExpectedError if the picture cannot be fetched. */
export type ProbePicture = (url: string) => Promise<unknown>;

/** A picture that is there, as the file that a forum gets. */
export interface PictureFile {
  readonly content: Buffer;
  /** Such as `image/png`. */
  readonly contentType: string;
}

/** Rejects as a probe does. */
export type FetchPicture = (url: string) => Promise<PictureFile>;

export interface DiscourseOptions {
  /** 60 seconds where it is left out: Discourse fetches the picture in a background job. */
  readonly avatarWaitMs?: number;
  /** Asked before a picture is sent; without it, none is. */
  readonly probe?: ProbePicture;
  /** How a picture is fetched to be uploaded; without it, the forum's server is told to fetch it. */
  readonly fetchPicture?: FetchPicture;
  readonly clock?: Clock;
}

/** Nothing is sent yet. */
export function connectDiscourse(settings: DiscourseSettings, options: DiscourseOptions = {}): Discourse {
  const clock = options.clock ?? systemClock;
  const send = sendToDiscourse(settings, clock);
  const siteSetting = siteSettings(send);
  let way: Promise<SignInWay> | undefined;
  return {
    settings,
    send,
    siteSetting,
    signInWay: () => (way ??= readSignInWay(settings, siteSetting)),
    avatarOverride: () => readSwitch(siteSetting, "discourse_connect_overrides_avatar"),
    clock,
    avatarWaitMs: options.avatarWaitMs ?? 60_000,
    probe: options.probe,
    fetchPicture: options.fetchPicture,
  };
}
