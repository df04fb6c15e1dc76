import { ExpectedError } from "../lib/errors.ts";
import type { PictureSettings } from "../policy/settings.ts";
import type { ActionBundle } from "./bundle-actions.ts";
import { refuseSecretsInCode, type KnownSecret } from "./secrets-in-code.ts";

export interface GuardedBundles {
  readonly bundles: readonly ActionBundle[];
  /** What was built into them. */
  readonly settings: PictureSettings;
  /** The keys of the default images that this run publishes or keeps. */
  readonly imageKeys: readonly string[];
  readonly secrets: readonly KnownSecret[];
}

/**
 * What can be said of the Actions' code before anything is registered.
 *
 * @throws ExpectedError `secret-in-code` or `default-image-unpublished`.
 */
export function guardBundles({ bundles, settings, imageKeys, secrets }: GuardedBundles): void {
  const { defaultUrl, allowedHosts, allowedPrefixes, samlAttribute = "" } = settings;
  refuseSecretsInCode(bundles, secrets, [defaultUrl, ...allowedHosts, ...allowedPrefixes, samlAttribute]);
  const baseUrl = defaultUrl.slice(0, defaultUrl.lastIndexOf("/"));
  refuseUnpublishedImages(bundles, { baseUrl, keys: imageKeys });
}

interface PublishedImages {
  /** Where the bucket's objects are served, without a final slash. */
  readonly baseUrl: string;
  /** The keys of the default images that this run publishes or keeps. */
  readonly keys: readonly string[];
}

/**
 * Fails where the code of an Action shows a default image that would not be there.
 *
 * @throws ExpectedError `default-image-unpublished`, naming the Actions and the images.
 */
export function refuseUnpublishedImages(
  bundles: readonly { readonly name: string; readonly code: string }[],
  { baseUrl, keys }: PublishedImages,
): void {
  const missing = bundles.flatMap(({ name, code }) =>
    defaultImagesIn(code, baseUrl)
      .filter((key) => !keys.includes(key))
      .map((key) => `Action ${name} shows ${baseUrl}/${key}`),
  );
  if (missing.length === 0) return;
  const message =
    `${missing.join("; ")}, which this run would delete or does not publish. ` +
    "Publish that image again (config key defaultImage), or change the Action first.";
  throw new ExpectedError("default-image-unpublished", message);
}

/** The keys of default images that the code names, each once. */
function defaultImagesIn(code: string, baseUrl: string): string[] {
  const afterBase = code.split(`${baseUrl}/`).slice(1);
  const keys = afterBase.flatMap((rest) => /^default-[0-9a-f]+\.[a-z]+/.exec(rest) ?? []);
  return [...new Set(keys)];
}
