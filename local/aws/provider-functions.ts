import type { PropertyMap } from "../../grpc-provider/property-map.ts";
import type { ProviderSettings } from "./provider-settings.ts";
import { LocalError } from "../processes/local-error.ts";

type ProviderFunction = (settings: ProviderSettings) => PropertyMap;

const functions: Readonly<Record<string, ProviderFunction>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": ({ accountId, accessKeyId }) => ({
    accountId,
    arn: `arn:aws:iam::${accountId}:user/local`,
    id: accountId,
    userId: accessKeyId,
  }),
  "aws:index/getRegion:getRegion": ({ region }) => ({
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
};

/** @throws LocalError `aws-function-unknown`. */
export function callFunction(token: string, settings: ProviderSettings): PropertyMap {
  const found = functions[token];
  if (found !== undefined) return found(settings);
  throw new LocalError(
    "aws-function-unknown",
    `The local stand-in of the AWS provider does not have ${token}; it has ${Object.keys(functions).join(", ")}. ` +
      "Add it to local/aws, or leave the call out of local stacks.",
  );
}
