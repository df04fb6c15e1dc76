import type { Stack } from "../../stack/read-stack.ts";
import { refuseExample } from "../../stack/example-stacks.ts";
import { readStackNamed } from "../../stack/stack-file.ts";
import { getImage, hasContentOf, isCachedForLong, type ServedImage } from "../image/served-image.ts";
import { missing, ok, problem, skipped, type Check, type Finding } from "./check.ts";

/** The stack's configuration and its default image are valid. */
export const checkConfig: Check = {
  name: "config",
  run: async ({ stack, env }, facts) => {
    const config = await readStackNamed(stack, env);
    refuseExample(stack, config.config);
    facts.config = config;
    const { auth0Domain, awsAccountId, imageBucket } = config.config;
    return ok(`tenant ${auth0Domain}, AWS account ${awsAccountId}, bucket ${imageBucket}`);
  },
};

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
    const remedy = "run pulumi up --refresh, which restores the image and its bucket's policy";
    return missing(`${defaultUrl} is not public: it answers ${served.status}`, remedy);
  }
  const wrong = [
    ...(hasContentOf(image, served) ? [] : ["its bytes differ from the project's file"]),
    ...(served.contentType === image.contentType
      ? []
      : [`its type is ${served.contentType || "missing"}, not ${image.contentType}`]),
    ...(isCachedForLong(served)
      ? []
      : [
          `its Cache-Control is ${served.cacheControl || "missing"}, which makes browsers fetch it each time`,
        ]),
  ];
  if (wrong.length === 0) return ok(defaultUrl);
  return problem(`${defaultUrl} is served wrongly: ${wrong.join("; ")}`, "run pulumi up --refresh");
}
