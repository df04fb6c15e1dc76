import { ExpectedError } from "../expected-error.ts";

export interface PublishedImages {
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
