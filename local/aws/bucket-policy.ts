import {
  DeleteBucketPolicyCommand,
  GetBucketPolicyCommand,
  PutBucketPolicyCommand,
} from "@aws-sdk/client-s3";
import { bucketSetting } from "./bucket-setting.ts";
import { hasUnknown, isMap, unknownValue } from "../../grpc-provider/property-map.ts";
import { textOf } from "./resource-type.ts";
import { unlessMissing } from "./s3-error.ts";
import { samePolicy } from "./same-policy.ts";

/** `aws:s3/bucketPolicy:BucketPolicy`; a policy that means the same is the same, as with the real provider. */
export const bucketPolicy = bucketSetting({
  token: "aws:s3/bucketPolicy:BucketPolicy",
  inputs: { policy: { required: true } },
  sameMeaning: { policy: samePolicy },
  complete: (inputs) => {
    const { policy } = inputs;
    if (!isMap(policy)) return inputs;
    return { ...inputs, policy: hasUnknown(policy) ? unknownValue : JSON.stringify(policy) };
  },
  write: (s3, bucket, inputs) =>
    s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: textOf(inputs, "policy") })),
  read: async (s3, bucket) => {
    const answer = s3.send(new GetBucketPolicyCommand({ Bucket: bucket }));
    const found = await unlessMissing(answer, "NoSuchBucketPolicy", "NoSuchBucket");
    return found && { policy: found.Policy };
  },
  remove: (s3, bucket) =>
    unlessMissing(s3.send(new DeleteBucketPolicyCommand({ Bucket: bucket })), "NoSuchBucket"),
});
