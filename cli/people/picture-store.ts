import { imageBaseUrl } from "../../infra/picture-settings.ts";
import { invalidateCloudFront } from "../aws/invalidate-cloudfront.ts";
import { createPictureStore, type PictureStore } from "../storage/create-picture-store.ts";
import type { People } from "./people.ts";

/**
 * The store of the stack's users' pictures, with the AWS credentials of the environment.
 *
 * @param distributionId The delivery network that forgets what is deleted, if there is one.
 */
export function openPictureStore({ config, env }: People, distributionId?: string): PictureStore {
  const { imageBucket: bucket, awsRegion: region } = config;
  // A valid configuration always has one.
  const location = { bucket, region, baseUrl: imageBaseUrl(config) ?? "" };
  if (distributionId === undefined) return createPictureStore(location);
  const invalidate = (paths: readonly string[]) => invalidateCloudFront(distributionId, paths, env);
  return createPictureStore({ ...location, invalidate });
}
