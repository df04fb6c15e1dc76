import type { PictureSettings } from "../../policy/settings.ts";
import type { ActionBundle } from "../bundle-actions.ts";
import { refuseUnpublishedImages } from "./published-images.ts";
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
