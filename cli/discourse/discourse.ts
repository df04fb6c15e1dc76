import { systemClock, type Clock } from "../../lib/clock.ts";
import { readAvatarOverride, type AvatarOverride } from "./discourse-account.ts";
import type { DiscourseSettings } from "./discourse-settings.ts";
import { sendToDiscourse, type SendToDiscourse } from "./send-to-discourse.ts";

/** One forum, for as long as a command runs. */
export interface Discourse {
  readonly settings: DiscourseSettings;
  readonly send: SendToDiscourse;
  /** Whether single sign-on overrides avatars there; asked once. */
  readonly avatarOverride: () => Promise<AvatarOverride>;
  readonly clock: Clock;
  /** How long an avatar is looked at until it counts as not changed. */
  readonly avatarWaitMs: number;
  readonly probe: ProbePicture | undefined;
}

/** Rejects with an ExpectedError if the picture cannot be fetched. */
export type ProbePicture = (url: string) => Promise<unknown>;

export interface DiscourseOptions {
  /** 60 seconds where it is left out: Discourse fetches the picture in a background job. */
  readonly avatarWaitMs?: number;
  /** Asked before a picture is sent; without it, none is. */
  readonly probe?: ProbePicture;
  readonly clock?: Clock;
}

/** Nothing is sent yet. */
export function connectDiscourse(settings: DiscourseSettings, options: DiscourseOptions = {}): Discourse {
  const clock = options.clock ?? systemClock;
  const send = sendToDiscourse(settings, clock);
  let override: Promise<AvatarOverride> | undefined;
  return {
    settings,
    send,
    avatarOverride: () => (override ??= readAvatarOverride(send)),
    clock,
    avatarWaitMs: options.avatarWaitMs ?? 60_000,
    probe: options.probe,
  };
}
