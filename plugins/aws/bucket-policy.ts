import {
  DeleteBucketPolicyCommand,
  GetBucketPolicyCommand,
  PutBucketPolicyCommand,
} from "@aws-sdk/client-s3";
import { parseJson } from "../../lib/json.ts";
import { hasUnknown, isMap, unknownValue, type PropertyMap } from "../grpc/property-map.ts";
import { bucketSetting } from "./bucket-settings.ts";
import { unlessMissing } from "./connection.ts";
import { textOf } from "./resource-type.ts";

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

/**
 * Whether two policy documents (JSON) say the same: the order of statements, of keys and of values in a list
 * says nothing, and one value may stand for a list of one. Strings that are not a policy must be equal.
 *
 * Source: the IAM policy grammar, "Grammar of the IAM JSON policy language" in the IAM user guide.
 */
export function samePolicy(before: unknown, after: unknown): boolean {
  if (before === after) return true;
  if (typeof before !== "string" || typeof after !== "string") return false;
  const first = parsePolicy(before);
  const second = parsePolicy(after);
  return first !== undefined && second !== undefined && canonical(first) === canonical(second);
}

function parsePolicy(text: string): PropertyMap | undefined {
  const value = parseJson(text);
  return isMap(value) ? value : undefined;
}

function canonical(policy: PropertyMap): string {
  const { Statement: statements, ...rest } = policy;
  return sortedJson({
    ...rest,
    Statement: asList(statements)
      .map((text) => sortedJson(statement(text)))
      .sort(),
  });
}

function statement(value: unknown): unknown {
  if (!isMap(value)) return value;
  const parts = Object.entries(value).filter(([name, part]) => name !== "Sid" || part !== "");
  return Object.fromEntries(parts.map(([name, part]) => [name, statementPart(name, part)]));
}

function statementPart(name: string, part: unknown): unknown {
  switch (name) {
    case "Action":
    case "NotAction":
      // Names of actions are the same in any case.
      return asSet(part).map((action) => action.toLowerCase());
    case "Resource":
    case "NotResource":
      return asSet(part);
    case "Principal":
    case "NotPrincipal":
      return mapValues(part === "*" ? { AWS: "*" } : part, asSet);
    case "Condition":
      return mapValues(part, (keys) => mapValues(keys, asSet));
    default:
      return part;
  }
}

function mapValues(value: unknown, change: (member: unknown) => unknown): unknown {
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, change(member)]));
}

/** Conditions may have numbers and booleans where texts mean the same. */
function asSet(value: unknown): string[] {
  const texts = asList(value).map((member) => (typeof member === "string" ? member : JSON.stringify(member)));
  return [...new Set(texts)].sort();
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** JSON with the keys of every object in order. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    isMap(member) ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member,
  );
}
