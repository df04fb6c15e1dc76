import { ExpectedError } from "../../infra/expected-error.ts";
import { cloudFrontDelivery } from "../../infra/image-delivery.ts";
import { given } from "../environment.ts";
import { runPulumi, type RunPulumi } from "../pulumi/run-pulumi.ts";
import { stackOutputs } from "../pulumi/stack-outputs.ts";
import type { People } from "./people.ts";

/**
 * The id of the CloudFront distribution that serves the stack's pictures: `PICTURES_DISTRIBUTION_ID`, else the stack's
 * output; undefined where the bucket serves them itself.
 *
 * @throws ExpectedError `distribution-unknown`, or what `stackOutputs` throws.
 */
export async function findDistribution(
  { config, stack, env }: Pick<People, "config" | "stack" | "env">,
  pulumi: RunPulumi = runPulumi,
): Promise<string | undefined> {
  if (cloudFrontDelivery(config) === undefined) return undefined;
  const named = given(env, "PICTURES_DISTRIBUTION_ID");
  if (named !== undefined) return named;
  const { imageDistributionId: id } = await stackOutputs(stack, pulumi);
  if (typeof id === "string" && id !== "") return id;
  throw new ExpectedError(
    "distribution-unknown",
    `Stack ${stack} does not say which CloudFront distribution serves its pictures, so nothing was changed. ` +
      "Run pulumi up, or set PICTURES_DISTRIBUTION_ID.",
  );
}
