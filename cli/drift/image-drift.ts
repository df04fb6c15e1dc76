import { ExpectedError } from "../../lib/errors.ts";
import { sha256 } from "../../lib/hash.ts";
import type { Stack } from "../../stack/read-stack.ts";
import { getImage, hasContentOf, isCachedForLong, type ServedImage } from "../image/served-image.ts";
import type { DriftCode, DriftFinding } from "./drift.ts";

/**
 * Gets the default image as everybody does. A redirect counts as wrong: Gravatar takes the address itself, and what the
 * configuration says of it was checked when it was read.
 *
 * @throws ExpectedError `image-unreachable` if there is no answer: then it is unknown what is served.
 */
export async function imageDrift(stack: string, config: Stack): Promise<DriftFinding[]> {
  const { defaultUrl } = config.settings;
  const served = await getImage(defaultUrl, { redirect: "manual" });
  if (typeof served === "string") {
    const message = `${defaultUrl} does not answer (${served}). Check imageBaseUrl, its DNS record and the network.`;
    throw new ExpectedError("image-unreachable", message);
  }
  return servedDrift(stack, config, served);
}

function servedDrift(stack: string, { image, settings }: Stack, served: ServedImage): DriftFinding[] {
  const found = (code: DriftCode, property: string, expected: string, what: string): DriftFinding => ({
    code,
    resource: `Default image ${settings.defaultUrl}`,
    property,
    expected,
    found: what,
    mend: `pulumi up --refresh --stack ${stack}`,
  });
  if (served.status !== 200) return [found("image-status", "status", "200", String(served.status))];
  const bytes = (hash: string) => `sha256 ${hash.slice(0, 12)}`;
  return [
    ...(hasContentOf(image, served)
      ? []
      : [found("image-content", "content", bytes(image.sha256), bytes(sha256(served.content)))]),
    ...(served.contentType === image.contentType
      ? []
      : [found("image-type", "type", image.contentType, served.contentType || "none")]),
    ...(isCachedForLong(served)
      ? []
      : [
          found(
            "image-cache",
            "Cache-Control",
            "public, max-age=31536000, immutable",
            served.cacheControl || "none",
          ),
        ]),
  ];
}
