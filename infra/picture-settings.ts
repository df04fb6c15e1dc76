import type { PictureSettings } from "../policy/settings.ts";
import { bucketBaseUrl, usersPrefix } from "./bucket-urls.ts";
import { ConfigError } from "./config-error.ts";
import type { ConfigValues } from "./config-keys.ts";
import type { DefaultImage } from "./default-image.ts";
import { gravatarRefusal } from "./url-values.ts";

/**
 * The settings that are built into a stack's Actions. All of it is known before anything is created, so that
 * a preview shows the Actions' whole code.
 *
 * @throws ConfigError where Gravatar would not take the default image as its fallback.
 */
export function pictureSettings(stack: string, config: ConfigValues, image: DefaultImage): PictureSettings {
  const baseUrl = config.imageBaseUrl ?? bucketBaseUrl(config.imageBucket, config.awsRegion);
  const defaultUrl = `${baseUrl}/${image.key}`;
  if (config.gravatar === "fallback") checkFallback(`The configuration of stack ${stack}`, defaultUrl);
  return {
    defaultUrl,
    gravatar: config.gravatar,
    social: config.social,
    allowedHosts: config.allowedHosts,
    allowedPrefixes: [`${baseUrl}/${usersPrefix}`],
    maxLength: config.maxLength,
    ...(config.samlPicture ? { samlAttribute: config.samlAttribute } : {}),
  };
}

/** @throws ConfigError `invalid-config` where Gravatar would ignore `defaultUrl` as a fallback. */
export function checkFallback(source: string, defaultUrl: string): void {
  const refusal = gravatarRefusal(defaultUrl);
  if (refusal === undefined) return;
  const why = `cannot be used: Gravatar takes no fallback that ${refusal} (${defaultUrl})`;
  const remedy = "set gravatar to keep or never, or serve the default image from a public https address";
  throw new ConfigError(source, [{ key: "gravatar", found: "fallback", why, remedy }]);
}
