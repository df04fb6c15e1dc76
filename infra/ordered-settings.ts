import type { PictureSettings } from "../policy/settings.ts";

/** The settings with their keys in a fixed order: an object's own order would show in the code and the manifest. */
export function orderedSettings(settings: PictureSettings): PictureSettings {
  const { defaultUrl, gravatar, social, allowedHosts, allowedPrefixes, maxLength, samlAttribute } = settings;
  const ordered = { defaultUrl, gravatar, social, allowedHosts, allowedPrefixes, maxLength };
  return samlAttribute === undefined ? ordered : { ...ordered, samlAttribute };
}
