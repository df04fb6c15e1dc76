import type { AvatarOverride } from "./read-avatar-override.ts";

interface SameAvatar {
  readonly url: string;
  readonly username: string;
  readonly pictureUrl: string;
  readonly override: AvatarOverride;
  readonly waitedMs: number;
}

const bySetting: Readonly<Record<AvatarOverride, string>> = {
  off: "The site setting discourse_connect_overrides_avatar is off there: the user's own choice may stand. Turn it on.",
  unknown: "The key may not read the site setting discourse_connect_overrides_avatar: it must be on.",
  on: "The site setting discourse_connect_overrides_avatar is on, so that is not why.",
};

/** Why an accepted sync may have changed nothing, the likeliest cause first. */
export function explainSameAvatar({ url, username, pictureUrl, override, waitedMs }: SameAvatar): string {
  return [
    `Discourse accepted the sync of ${username}, but its avatar is the same after ${Math.round(waitedMs / 1000)} s.`,
    `  - ${bySetting[override]}`,
    `  - The forum's server must be able to fetch ${pictureUrl}: a public address, a valid certificate, an image below max_image_size_kb.`,
    `  - The forum may be busy: look at ${url}/sidekiq, then at the avatar again.`,
    `  - Or the account shows exactly this picture already: Discourse knows the same file again and keeps it.`,
    `  To see which, turn on verbose discourse connect logging and verbose upload logging there, sync again and read ${url}/logs.`,
  ].join("\n");
}
