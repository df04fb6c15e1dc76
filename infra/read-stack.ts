import type { PictureSettings } from "../policy/settings.ts";
import { clientProblems } from "./client-problems.ts";
import { ConfigError, type KeyProblem } from "./config-error.ts";
import type { ConfigValues } from "./config-keys.ts";
import { DefaultImageError } from "./default-image-error.ts";
import { loadDefaultImage, type DefaultImage } from "./default-image.ts";
import { hostProblems } from "./host-problems.ts";
import { deliveryProblems } from "./image-delivery.ts";
import { fallbackProblem, imageBaseUrl, lengthProblem, pictureSettings } from "./picture-settings.ts";
import { checkKeys } from "./read-config.ts";

/** What a stack's configuration says, checked as far as it can be without asking anybody. */
export interface Stack {
  readonly config: ConfigValues;
  readonly image: DefaultImage;
  readonly settings: PictureSettings;
}

/**
 * Reads a stack's configuration and its default image.
 *
 * @param all Every key of the stack with its namespace, values as text (lists and numbers as JSON).
 * @param encrypted The keys, with their namespace, whose values are encrypted in the stack's file.
 * @throws ConfigError naming every problem, those of the image and of Gravatar's rules too; DefaultImageError
 *   `default-image-missing`, `default-image-broken` or `default-image-unsuitable` where there are none but its own.
 */
export async function readStack(
  stack: string,
  all: Readonly<Record<string, string>>,
  encrypted: ReadonlySet<string> = new Set(),
): Promise<Stack> {
  const { values, problems } = checkKeys(stack, all, encrypted);
  const image = await loadImage(values);
  const found = [
    ...problems,
    ...hostProblems(stack, values),
    ...deliveryProblems(stack, values),
    ...addressProblems(values, image),
    ...clientProblems(values),
  ];
  const source = `The configuration of stack ${stack}`;
  if (image instanceof DefaultImageError) {
    if (found.length === 0) throw image;
    throw new ConfigError(source, [...found, ...image.problems]);
  }
  if (found.length > 0 || image === undefined) throw new ConfigError(source, found);
  const config = values as ConfigValues;
  return { config, image, settings: pictureSettings(config, image) };
}

async function loadImage({
  defaultImage,
  gravatar,
}: Partial<ConfigValues>): Promise<DefaultImage | DefaultImageError | undefined> {
  if (defaultImage === undefined) return undefined;
  try {
    return await loadDefaultImage(defaultImage, { gravatarFallback: gravatar === "fallback" });
  } catch (error) {
    if (error instanceof DefaultImageError) return error;
    throw error;
  }
}

/** What is wrong with the default image's address. Looked at without an image too, since most of it is known. */
function addressProblems(
  values: Partial<ConfigValues>,
  image: DefaultImage | DefaultImageError | undefined,
): KeyProblem[] {
  const baseUrl = imageBaseUrl(values);
  if (baseUrl === undefined) return [];
  // A stand-in with one of the extensions that Gravatar takes.
  const key = image === undefined || image instanceof DefaultImageError ? "default.png" : image.key;
  const url = `${baseUrl}/${key}`;
  const { gravatar, maxLength } = values;
  return [
    gravatar === "fallback" ? fallbackProblem(url) : undefined,
    maxLength === undefined ? undefined : lengthProblem(url, maxLength),
  ].filter((problem) => problem !== undefined);
}
