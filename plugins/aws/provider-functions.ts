import { paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { ExpectedError } from "../../lib/errors.ts";
import type { PropertyMap } from "../grpc/property-map.ts";
import type { Connection } from "./connection.ts";
import { textOf } from "./resource-type.ts";

type ProviderFunction = (connection: Connection, args: PropertyMap) => PropertyMap | Promise<PropertyMap>;

const functions: Readonly<Record<string, ProviderFunction>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": ({ settings: { accountId, accessKeyId } }) => ({
    accountId,
    arn: `arn:aws:iam::${accountId}:user/local`,
    id: accountId,
    userId: accessKeyId,
  }),
  "aws:index/getRegion:getRegion": ({ settings: { region } }) => ({
    description: `Local (${region})`,
    endpoint: `ec2.${region}.amazonaws.com`,
    id: region,
    name: region,
    region,
  }),
  "aws:index/getPartition:getPartition": () => ({
    dnsSuffix: "amazonaws.com",
    id: "aws",
    partition: "aws",
    reverseDnsPrefix: "com.amazonaws",
  }),
  "aws:s3/getObjects:getObjects": getObjects,
};

/** @throws ExpectedError `aws-function-unknown`. */
export function callFunction(
  token: string,
  connection: Connection,
  args: PropertyMap,
): PropertyMap | Promise<PropertyMap> {
  const found = functions[token];
  if (found !== undefined) return found(connection, args);
  throw new ExpectedError(
    "aws-function-unknown",
    `The local stand-in of the AWS provider does not have ${token}; it has ${Object.keys(functions).join(", ")}. ` +
      "Add it to plugins/aws, or leave the call out of local stacks.",
  );
}

/** The keys in a bucket, of all or of those that begin with `prefix`. */
async function getObjects({ s3, settings }: Connection, args: PropertyMap): Promise<PropertyMap> {
  const bucket = textOf(args, "bucket");
  const known = ["bucket", "prefix", "region"];
  const strange = Object.keys(args).find((name) => !known.includes(name));
  if (strange !== undefined) {
    const message = `The local stand-in of getObjects does not have ${strange}; it has ${known.join(", ")}.`;
    throw new ExpectedError("aws-argument-unknown", message);
  }
  const prefix = args["prefix"] === undefined ? {} : { prefix: textOf(args, "prefix") };
  const keys: string[] = [];
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix.prefix })) {
    keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
  }
  return { bucket, ...prefix, keys, commonPrefixes: [], owners: [], id: bucket, region: settings.region };
}
