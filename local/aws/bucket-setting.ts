import type { S3Client } from "@aws-sdk/client-s3";
import { sameValue, type SameMeaning } from "../../grpc-provider/diff-inputs.ts";
import type { PropertyMap } from "../../grpc-provider/property-map.ts";
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
