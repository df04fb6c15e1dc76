import {
  DeleteBucketOwnershipControlsCommand,
  GetBucketOwnershipControlsCommand,
  PutBucketOwnershipControlsCommand,
  type ObjectOwnership,
} from "@aws-sdk/client-s3";
import { bucketSetting } from "./bucket-setting.ts";
import { isMap } from "../../grpc-provider/property-map.ts";
import { textOf } from "./resource-type.ts";
import { unlessMissing } from "./s3-error.ts";

/** `aws:s3/bucketOwnershipControls:BucketOwnershipControls`. */
export const bucketOwnershipControls = bucketSetting({
  token: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  inputs: { rule: { required: true } },
  write: (s3, bucket, { rule }) => {
    // The server itself refuses a word that it does not know.
    const ownership = textOf(isMap(rule) ? rule : {}, "objectOwnership") as ObjectOwnership;
    const OwnershipControls = { Rules: [{ ObjectOwnership: ownership }] };
    return s3.send(new PutBucketOwnershipControlsCommand({ Bucket: bucket, OwnershipControls }));
  },
  read: async (s3, bucket) => {
    const answer = s3.send(new GetBucketOwnershipControlsCommand({ Bucket: bucket }));
    const found = await unlessMissing(answer, "OwnershipControlsNotFoundError", "NoSuchBucket");
    return found && { rule: { objectOwnership: found.OwnershipControls?.Rules?.[0]?.ObjectOwnership } };
  },
  remove: (s3, bucket) => {
    const answer = s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket: bucket }));
    return unlessMissing(answer, "OwnershipControlsNotFoundError", "NoSuchBucket");
  },
});
