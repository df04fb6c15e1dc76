import type { PictureSettings } from "../policy/settings.ts";
import { bucketBaseUrl, usersPrefix } from "./bucket-urls.ts";
import type { KeyProblem } from "./config-error.ts";
import type { ConfigValues } from "./config-keys.ts";
import type { DefaultImage } from "./default-image.ts";
import { gravatarRefusal } from "./url-values.ts";

/** What of a stack's configuration decides pictures. */
export type PictureConfig = Pick<
  ConfigValues,
  | "imageBaseUrl"
  | "imageBucket"
  | "awsRegion"
  | "gravatar"
  | "social"
  | "allowedHosts"
  | "maxLength"
  | "samlPicture"
  | "samlAttribute"
>;

/**
 * The settings that are built into a stack's Actions. All of it is known before anything is created, so that
 * a preview shows the Actions' whole code.
 */
export function pictureSettings(config: PictureConfig, image: DefaultImage): PictureSettings {
  const baseUrl = config.imageBaseUrl ?? bucketBaseUrl(config.imageBucket, config.awsRegion);
  return {
    defaultUrl: `${baseUrl}/${image.key}`,
    gravatar: config.gravatar,
    social: config.social,
    allowedHosts: config.allowedHosts,
    allowedPrefixes: [`${baseUrl}/${usersPrefix}`],
    maxLength: config.maxLength,
    ...(config.samlPicture ? { samlAttribute: config.samlAttribute } : {}),
  };
}

/** Where the bucket's objects are served, without a final slash; undefined where the keys for it are wrong. */
export function imageBaseUrl(values: Partial<ConfigValues>): string | undefined {
  const { imageBaseUrl: configured, imageBucket, awsRegion } = values;
  if (configured !== undefined) return configured;
  return imageBucket === undefined || awsRegion === undefined
    ? undefined
    : bucketBaseUrl(imageBucket, awsRegion);
}

/** What is wrong where no login could show the default image: it would be longer than any picture may be. */
export function lengthProblem(defaultUrl: string, maxLength: number): KeyProblem | undefined {
  if (defaultUrl.length <= maxLength) return undefined;
  const why = `is less than the length of the default image's own address, ${defaultUrl.length} (${defaultUrl})`;
  return { key: "maxLength", found: String(maxLength), why, remedy: `use at least ${defaultUrl.length}` };
}

/** What is wrong where Gravatar would ignore `defaultUrl` as its fallback. */
export function fallbackProblem(defaultUrl: string): KeyProblem | undefined {
  const refusal = gravatarRefusal(defaultUrl);
  if (refusal === undefined) return undefined;
  const why = `cannot be used: Gravatar takes no fallback that ${refusal} (${defaultUrl})`;
  const remedy = "set gravatar to keep or never, or serve the default image from a public https address";
  return { key: "gravatar", found: "fallback", why, remedy };
}
