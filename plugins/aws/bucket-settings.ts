import {
  DeleteBucketCorsCommand,
  DeleteBucketOwnershipControlsCommand,
  GetBucketCorsCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketVersioningCommand,
  PutBucketCorsCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketVersioningCommand,
  type BucketVersioningStatus,
  type CORSRule,
  type ObjectOwnership,
  type S3Client,
} from "@aws-sdk/client-s3";
import { ExpectedError } from "../../lib/errors.ts";
import { isMap, isUnknown, sameValue, type PropertyMap, type SameMeaning } from "../grpc/property-map.ts";
import { unlessMissing } from "./connection.ts";
import { textOf, type InputRule, type ResourceType } from "./resource-type.ts";

/** A resource that is one setting of a bucket. */
export interface BucketSetting {
  readonly token: string;
  /** The inputs besides `bucket`. */
  readonly inputs: Readonly<Record<string, InputRule>>;
  readonly sameMeaning?: Readonly<Record<string, SameMeaning>>;
  readonly complete?: (inputs: PropertyMap) => PropertyMap;
  readonly problem?: NonNullable<ResourceType["problem"]>;
  readonly write: (s3: S3Client, bucket: string, inputs: PropertyMap) => Promise<unknown>;
  /** The inputs besides `bucket` that say what is there; undefined when nothing is. */
  readonly read: (
    s3: S3Client,
    bucket: string,
    known: PropertyMap | undefined,
  ) => Promise<PropertyMap | undefined>;
  readonly remove: (s3: S3Client, bucket: string) => Promise<unknown>;
}

/** The resource type of a bucket's setting; its id is the bucket's name. */
export function bucketSetting(setting: BucketSetting): ResourceType {
  const { token, inputs, sameMeaning, complete, problem, write, read, remove } = setting;
  return {
    token,
    inputs: { bucket: { required: true, replaces: true }, ...inputs },
    computed: [],
    ...(sameMeaning && { sameMeaning }),
    ...(complete && { complete }),
    ...(problem && { problem }),
    idOf: (given) => textOf(given, "bucket"),
    write: async ({ s3 }, given) => {
      await write(s3, textOf(given, "bucket"), given);
    },
    read: async ({ s3 }, id, known) => {
      const bucket = bucketOf(id);
      const found = await read(s3, bucket, known);
      if (found === undefined) return undefined;
      return { inputs: { bucket, ...keepKnown(found, known, sameMeaning) }, computed: {} };
    },
    remove: async ({ s3 }, id) => {
      await remove(s3, bucketOf(id));
    },
  };
}

/** An import may name the bucket's owner behind it: `bucket,account`. */
function bucketOf(id: string): string {
  return id.replace(/,\d{12}$/, "");
}

/** Where what was found means what the program said, its words stay. */
function keepKnown(
  found: PropertyMap,
  known: PropertyMap | undefined,
  sameMeaning: BucketSetting["sameMeaning"],
): PropertyMap {
  const entries = Object.entries(found).map(([name, value]) => {
    const same = (sameMeaning?.[name] ?? sameValue)(known?.[name], value);
    return [name, same ? known?.[name] : value] as const;
  });
  return Object.fromEntries(entries);
}

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
  throw new ExpectedError(
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
