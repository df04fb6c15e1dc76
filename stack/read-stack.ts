import type { PictureSettings } from "../policy/settings.ts";
import { ConfigError, DefaultImageError, type KeyProblem } from "./config-error.ts";
import type { ConfigValues } from "./config-keys.ts";
import { loadDefaultImage, type DefaultImage } from "./default-image.ts";
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
    ...deletionProblems(stack, values),
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

/** Auth0's limit, which is what a rotation needs. */
const mostKeys = 2;

/** What is wrong with the keys of the Management API client together; keys that are wrong alone are absent. */
function clientProblems(values: Partial<ConfigValues>): KeyProblem[] {
  const { clientAuthentication, clientPublicKeys } = values;
  if (clientPublicKeys === undefined) return [];
  const key = "clientPublicKeys";
  const found = undefined;
  if (clientPublicKeys.length > mostKeys) {
    const why = `holds ${clientPublicKeys.length} keys; Auth0 allows ${mostKeys} for a client`;
    return [{ key, found, why, remedy: "remove those that are not used" }];
  }
  if (new Set(clientPublicKeys).size < clientPublicKeys.length) {
    return [{ key, found, why: "holds the same key twice", remedy: "remove one of them" }];
  }
  if (clientAuthentication !== "private_key_jwt" || clientPublicKeys.length > 0) return [];
  const why = "holds no key, but clientAuthentication is private_key_jwt";
  return [{ key, found, why, remedy: "run pictures keys create" }];
}

/**
 * What is wrong with the allow-list of hosts as a whole: on stack `prod` it must be set explicitly that users may show
 * a picture from anywhere, and both settings together contradict each other.
 */
function hostProblems(stack: string, values: Partial<ConfigValues>): KeyProblem[] {
  const { allowedHosts, allowAnyHost } = values;
  if (allowedHosts === undefined || allowAnyHost === undefined) return [];
  if (allowedHosts.length > 0 && allowAnyHost) {
    const why = "contradicts allowedHosts, which names hosts";
    return [{ key: "allowAnyHost", found: "true", why, remedy: "remove one of the two keys" }];
  }
  if (stack !== "prod" || allowedHosts.length > 0 || allowAnyHost) return [];
  const why = "is empty, so a user's picture on stack prod may be on any public host";
  const remedy =
    "name the hosts (the pictures in the stack's own bucket are always allowed), or set allowAnyHost to true";
  return [{ key: "allowedHosts", found: undefined, why, remedy }];
}

/** Production is protected, so that no single step may delete its users' pictures; see docs/guard-rails.md. */
function deletionProblems(stack: string, { deleteBucketContents }: Partial<ConfigValues>): KeyProblem[] {
  if (stack !== "prod" || deleteBucketContents !== true) return [];
  const why = "is not allowed on stack prod: a destroy would delete all users' pictures";
  const remedy =
    "remove the key; to delete the bucket on purpose, empty it first (docs/images.md, Deleting everything)";
  return [{ key: "deleteBucketContents", found: "true", why, remedy }];
}
