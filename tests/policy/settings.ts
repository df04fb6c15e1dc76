import type { PictureSettings } from "../../policy/settings.ts";

/** The policy's own defaults with a default image, and what a test changes of it. */
export function settingsWith(changes: Partial<PictureSettings> = {}): PictureSettings {
  return {
    defaultUrl: "https://img.acme.com/default-3f2a.png",
    gravatar: "fallback",
    social: "keep",
    allowedHosts: [],
    allowedPrefixes: [],
    maxLength: 2048,
    ...changes,
  };
}
