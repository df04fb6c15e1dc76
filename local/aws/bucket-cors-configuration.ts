import {
  DeleteBucketCorsCommand,
  GetBucketCorsCommand,
  PutBucketCorsCommand,
  type CORSRule,
} from "@aws-sdk/client-s3";
import { bucketSetting } from "./bucket-setting.ts";
import { isMap, type PropertyMap } from "../../grpc-provider/property-map.ts";
import { unlessMissing } from "./s3-error.ts";

/** A rule's members, and their names in the S3 client. */
const members = {
  allowedHeaders: "AllowedHeaders",
  allowedMethods: "AllowedMethods",
  allowedOrigins: "AllowedOrigins",
  exposeHeaders: "ExposeHeaders",
  id: "ID",
  maxAgeSeconds: "MaxAgeSeconds",
} as const satisfies Record<string, keyof CORSRule>;

/** `aws:s3/bucketCorsConfiguration:BucketCorsConfiguration`. */
export const bucketCorsConfiguration = bucketSetting({
  token: "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
  inputs: { corsRules: { required: true } },
  write: (s3, bucket, { corsRules }) => {
    const CORSRules = (Array.isArray(corsRules) ? corsRules : []).filter(isMap).map(toS3);
    return s3.send(new PutBucketCorsCommand({ Bucket: bucket, CORSConfiguration: { CORSRules } }));
  },
  read: async (s3, bucket) => {
    const answer = s3.send(new GetBucketCorsCommand({ Bucket: bucket }));
    const found = await unlessMissing(answer, "NoSuchCORSConfiguration", "NoSuchBucket");
    return found && { corsRules: (found.CORSRules ?? []).map(fromS3) };
  },
  remove: (s3, bucket) =>
    unlessMissing(s3.send(new DeleteBucketCorsCommand({ Bucket: bucket })), "NoSuchBucket"),
});

function toS3(rule: PropertyMap): CORSRule {
  // What is missing or wrong in a rule is the server's to refuse.
  return Object.fromEntries(
    Object.entries(members).map(([name, s3Name]) => [s3Name, rule[name]]),
  ) as unknown as CORSRule;
}

function fromS3(rule: CORSRule): PropertyMap {
  const entries = Object.entries(members).map(([name, s3Name]) => [name, rule[s3Name]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
