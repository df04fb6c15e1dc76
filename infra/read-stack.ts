import type { PictureSettings } from "../policy/settings.ts";
import { ConfigError, type KeyProblem } from "./config-error.ts";
import type { ConfigValues } from "./config-keys.ts";
import { loadDefaultImage, type DefaultImage } from "./default-image.ts";
import { ExpectedError } from "./expected-error.ts";
import { fallbackProblem, imageBaseUrl, pictureSettings } from "./picture-settings.ts";
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
 * @throws ConfigError naming every problem, those of the image and of Gravatar's rules too; ExpectedError
 *   `default-image-missing` or `default-image-broken` where the image is the only one.
 */
export async function readStack(stack: string, all: Readonly<Record<string, string>>): Promise<Stack> {
  const { values, problems } = checkKeys(stack, all);
  const image = values.defaultImage === undefined ? undefined : await loadImage(values.defaultImage);
  const found = [...problems, ...fallbackProblems(values, image)];
  const source = `The configuration of stack ${stack}`;
  if (image instanceof ExpectedError) {
    if (found.length === 0) throw image;
    throw new ConfigError(source, [...found, imageProblem(values.defaultImage, image)]);
  }
  if (found.length > 0 || image === undefined) throw new ConfigError(source, found);
  const config = values as ConfigValues;
  return { config, image, settings: pictureSettings(config, image) };
}

async function loadImage(path: string): Promise<DefaultImage | ExpectedError> {
  try {
    return await loadDefaultImage(path);
  } catch (error) {
    if (error instanceof ExpectedError) return error;
    throw error;
  }
}

/** Looked at without an image too: its name ends in one of the extensions that Gravatar takes. */
function fallbackProblems(
  values: Partial<ConfigValues>,
  image: DefaultImage | ExpectedError | undefined,
): KeyProblem[] {
  const baseUrl = imageBaseUrl(values);
  if (values.gravatar !== "fallback" || baseUrl === undefined) return [];
  const key = image === undefined || image instanceof ExpectedError ? "default.png" : image.key;
  const problem = fallbackProblem(`${baseUrl}/${key}`);
  return problem === undefined ? [] : [problem];
}

function imageProblem(found: string | undefined, { message }: ExpectedError): KeyProblem {
  const [, why = message, remedy = "use another file"] = /\) (.*?): (.*)\.$/.exec(message) ?? [];
  return { key: "defaultImage", found, why, remedy };
}
