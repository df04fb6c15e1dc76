import type { Stack } from "../../infra/read-stack.ts";
import type { Check } from "./check.ts";
import { ok, problem, skipped, type Finding } from "./finding.ts";
import { getImage, hasContentOf, isCachedForLong, type ServedImage } from "./served-image.ts";

/** Everybody can get the default image, and it is the one of the project. */
export const checkDefaultImage: Check = {
  name: "default-image",
  run: async (_surroundings, { config }) => {
    if (config === undefined) return skipped("The configuration does not say where it is");
    const { defaultUrl } = config.settings;
    const served = await getImage(defaultUrl);
    if (typeof served === "string") {
      return problem(
        `${defaultUrl} does not answer (${served})`,
        "check imageBaseUrl, its DNS record and the network",
      );
    }
    return servedFinding(config, served);
  },
};

function servedFinding({ image, settings }: Stack, served: ServedImage): Finding {
  const { defaultUrl } = settings;
  if (served.status !== 200) {
    const remedy = "run pulumi up --refresh, which puts the image and its bucket's policy there";
    return problem(`${defaultUrl} answers ${served.status} to everybody`, remedy);
  }
  const wrong = [
    ...(hasContentOf(image, served) ? [] : ["its bytes are not those of the project's file"]),
    ...(served.contentType === image.contentType
      ? []
      : [`its type is ${served.contentType || "missing"}, not ${image.contentType}`]),
    ...(isCachedForLong(served)
      ? []
      : [`its Cache-Control is ${served.cacheControl || "missing"}, which makes browsers fetch it again`]),
  ];
  if (wrong.length === 0) return ok(defaultUrl);
  return problem(`${defaultUrl} is served wrongly: ${wrong.join("; ")}`, "run pulumi up --refresh");
}
