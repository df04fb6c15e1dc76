import type { PictureSettings } from "../policy/settings.ts";
import { ConfigError, type KeyProblem } from "./config-error.ts";
import { configKeys, samlAttributeName, type ConfigValues } from "./config-keys.ts";
import { listOf, type Parser } from "./config-value.ts";
import type { DefaultImage } from "./default-image.ts";
import { gravatarRefusal, httpsPrefix, httpsUrl } from "./url-values.ts";

/** What of a stack's configuration decides pictures. */
export type PictureConfig = Pick<
  ConfigValues,
  | "imageBaseUrl"
  | "imageBucket"
  | "awsRegion"
  | "gravatar"
  | "social"
  | "copies"
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
    copies: config.copies,
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
  const why = `is less than the length of the default image's own URL, ${defaultUrl.length} (${defaultUrl})`;
  return { key: "maxLength", found: String(maxLength), why, remedy: `use at least ${defaultUrl.length}` };
}

/** What is wrong where Gravatar would ignore `defaultUrl` as its fallback. */
export function fallbackProblem(defaultUrl: string): KeyProblem | undefined {
  const refusal = gravatarRefusal(defaultUrl);
  if (refusal === undefined) return undefined;
  const why = `cannot be used: Gravatar accepts no fallback that ${refusal} (${defaultUrl})`;
  const remedy = "set gravatar to keep or never, or serve the default image from a public https URL";
  return { key: "gravatar", found: "fallback", why, remedy };
}

const parsers: { readonly [K in keyof PictureSettings]-?: Parser<NonNullable<PictureSettings[K]>> } = {
  defaultUrl: httpsUrl,
  gravatar: configKeys.gravatar.parse,
  social: configKeys.social.parse,
  copies: configKeys.copies.parse,
  allowedHosts: configKeys.allowedHosts.parse,
  allowedPrefixes: listOf(httpsPrefix),
  maxLength: configKeys.maxLength.parse,
  samlAttribute: samlAttributeName,
};

/**
 * The settings with some of them replaced.
 *
 * @param source For the report: where the replacements come from.
 * @param overrides What a JSON file holds: an object with any of the settings.
 * @throws ConfigError naming every problem.
 */
export function overrideSettings(
  source: string,
  settings: PictureSettings,
  overrides: unknown,
): PictureSettings {
  if (typeof overrides !== "object" || overrides === null || Array.isArray(overrides)) {
    const problem = {
      key: "the file",
      found: undefined,
      why: "is not a JSON object",
      remedy: 'write {"gravatar": "never"}',
    };
    throw new ConfigError(source, [problem]);
  }
  const problems: KeyProblem[] = [];
  const replaced: Record<string, unknown> = {};
  for (const [key, found] of Object.entries(overrides)) {
    const read = readSetting(key, found);
    if ("why" in read) problems.push(read);
    else replaced[key] = read.value;
  }
  const result = { ...settings, ...replaced };
  const { defaultUrl, gravatar, maxLength } = result;
  const fallback = gravatar === "fallback" ? fallbackProblem(defaultUrl) : undefined;
  const found = [fallback, lengthProblem(defaultUrl, maxLength)];
  problems.push(...found.filter((problem) => problem !== undefined));
  if (problems.length > 0) throw new ConfigError(source, problems);
  return result;
}

function readSetting(key: string, found: unknown): KeyProblem | { value: unknown } {
  const text = typeof found === "string" ? found : JSON.stringify(found);
  if (!Object.hasOwn(parsers, key)) {
    const remedy = `the settings are ${Object.keys(parsers).join(", ")}`;
    return { key, found: text, why: "is not a setting", remedy };
  }
  const parsed = parsers[key as keyof PictureSettings](text);
  return "value" in parsed ? parsed : { key, found: text, ...parsed.problem };
}

/** Where S3 serves a bucket's objects over https (virtual-hosted style), without a final slash. */
export function bucketBaseUrl(bucket: string, region: string): string {
  const suffix = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  return `https://${bucket}.s3.${region}.${suffix}`;
}

/** The prefix of users' own pictures in the bucket; the policy allows its URL by itself. */
export const usersPrefix = "users/";
