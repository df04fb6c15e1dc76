import type { Tag } from "@aws-sdk/client-s3";
import { sameValue } from "../../grpc-provider/diff-inputs.ts";
import { isMap, type PropertyMap } from "../../grpc-provider/property-map.ts";

/** The tags that the inputs say. */
export function tagsOf({ tags }: PropertyMap): Record<string, string> {
  return Object.fromEntries(
    Object.entries(isMap(tags) ? tags : {}).map(([key, value]) => [key, String(value)]),
  );
}

/** The tags of an S3 answer. */
export function fromTagSet(tagSet: readonly Tag[] | undefined): Record<string, string> {
  return Object.fromEntries((tagSet ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}

/** A map that S3 has for every resource, even if empty, as a program would say it. */
export function saidMap(found: PropertyMap, known: unknown): unknown {
  if (sameValue(found, known ?? {})) return known;
  return Object.keys(found).length === 0 ? undefined : found;
}
