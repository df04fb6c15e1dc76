import {
  GetBucketVersioningCommand,
  PutBucketVersioningCommand,
  type BucketVersioningStatus,
  type S3Client,
} from "@aws-sdk/client-s3";
import { bucketSetting } from "./bucket-setting.ts";
import { isMap, isUnknown, type PropertyMap } from "../../grpc-provider/property-map.ts";
import { unlessMissing } from "./s3-error.ts";
import { LocalError } from "../processes/local-error.ts";

const input = "versioningConfiguration";
/** What a bucket is that never had versions; the provider's word, not S3's. */
const never = "Disabled";

/** `aws:s3/bucketVersioning:BucketVersioning`. */
export const bucketVersioning = bucketSetting({
  token: "aws:s3/bucketVersioning:BucketVersioning",
  inputs: { [input]: { required: true } },
  problem: (inputs) => {
    const { status, mfaDelete = never } = configuration(inputs);
    const property = `${input}.${mfaDelete === never ? "status" : "mfaDelete"}`;
    if (mfaDelete !== never) return { property, reason: "The local S3 server has no MFA delete" };
    if (!isMap(inputs[input]) || isUnknown(status)) return undefined;
    const known = ["Enabled", "Suspended", never].some((word) => word === status);
    return known ? undefined : { property, reason: `It must be Enabled, Suspended or ${never}` };
  },
  write: writeVersioning,
  read: async (s3, bucket, known) => {
    const status = await readStatus(s3, bucket);
    return status === undefined ? undefined : { [input]: { ...configuration(known), status } };
  },
  remove: async (s3, bucket) => {
    if ((await readStatus(s3, bucket)) === "Enabled") await putStatus(s3, bucket, "Suspended");
  },
});

async function writeVersioning(s3: S3Client, bucket: string, inputs: PropertyMap): Promise<void> {
  const { status } = configuration(inputs);
  if (status === "Enabled" || status === "Suspended") {
    await putStatus(s3, bucket, status);
    return;
  }
  const found = await readStatus(s3, bucket);
  if (found === never) return;
  throw new LocalError(
    "aws-versioning-not-disabled",
    `Versioning of bucket ${bucket} is ${found ?? "not there"} and cannot become ${never} again. Use Suspended.`,
  );
}

async function readStatus(s3: S3Client, bucket: string): Promise<string | undefined> {
  const answer = s3.send(new GetBucketVersioningCommand({ Bucket: bucket }));
  const found = await unlessMissing(answer, "NoSuchBucket");
  return found && (found.Status ?? never);
}

async function putStatus(s3: S3Client, bucket: string, status: BucketVersioningStatus): Promise<void> {
  const VersioningConfiguration = { Status: status };
  await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
}

function configuration(inputs: PropertyMap | undefined): PropertyMap {
  const value = inputs?.[input];
  return isMap(value) ? value : {};
}
