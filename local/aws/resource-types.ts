import { bucketCorsConfiguration } from "./bucket-cors-configuration.ts";
import { bucketObjectv2 } from "./bucket-objectv2.ts";
import { bucketOwnershipControls } from "./bucket-ownership-controls.ts";
import { bucketPolicy } from "./bucket-policy.ts";
import { bucketVersioning } from "./bucket-versioning.ts";
import { bucket } from "./bucket.ts";
import type { ResourceType } from "./resource-type.ts";
import { LocalError } from "../processes/local-error.ts";
import { stateOnlyTypes } from "./state-only-settings.ts";

/** What the stand-in has of the AWS provider. */
export const resourceTypes: readonly ResourceType[] = [
  bucket,
  bucketObjectv2,
  bucketPolicy,
  bucketVersioning,
  bucketOwnershipControls,
  bucketCorsConfiguration,
  ...stateOnlyTypes,
];

/** @throws LocalError `aws-type-unknown`. */
export function resourceTypeOf(token: string): ResourceType {
  const found = resourceTypes.find((type) => type.token === token);
  if (found !== undefined) return found;
  throw new LocalError(
    "aws-type-unknown",
    `The local stand-in of the AWS provider does not have ${token}; it has ${resourceTypes.map((type) => type.token).join(", ")}. ` +
      "Add it to local/aws, or leave the resource out of local stacks.",
  );
}
