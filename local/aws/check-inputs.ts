import { isUnknown, type PropertyMap } from "../../grpc-provider/property-map.ts";
import type { CheckedInputs, CheckProblem } from "../../grpc-provider/provider.ts";
import type { CheckContext, ResourceType } from "./resource-type.ts";

/** Every resource may name its region; the stand-in's server has one only. */
const regionInput = "region";

/** Checks and completes a resource's inputs; `region` is the provider's, if that is configured already. */
export function checkInputs(
  type: ResourceType,
  given: PropertyMap,
  context: CheckContext,
  region: string | undefined,
): CheckedInputs {
  const inputs = type.complete?.(given, context) ?? given;
  const own = type.problem?.(inputs);
  const problems = [
    ...unknownInputs(type, inputs),
    ...missingInputs(type, inputs),
    ...otherRegion(inputs, region),
    ...(own === undefined ? [] : [own]),
  ];
  return { inputs, problems };
}

function unknownInputs(type: ResourceType, inputs: PropertyMap): CheckProblem[] {
  const names = Object.keys(inputs).filter((name) => !name.startsWith("__"));
  const strange = names.filter((name) => name !== regionInput && !Object.hasOwn(type.inputs, name));
  const known = Object.keys(type.inputs).join(", ");
  return strange.map((property) => ({
    property,
    reason: `The local stand-in of the AWS provider does not have this input of ${type.token}; it has ${known}`,
  }));
}

function missingInputs(type: ResourceType, inputs: PropertyMap): CheckProblem[] {
  const required = Object.entries(type.inputs).filter(([, rule]) => rule.required === true);
  const missing = required.filter(([name]) => inputs[name] === undefined);
  return missing.map(([property]) => ({ property, reason: `Missing required property '${property}'` }));
}

function otherRegion(inputs: PropertyMap, region: string | undefined): CheckProblem[] {
  const given = inputs[regionInput];
  if (given === undefined || isUnknown(given) || region === undefined || given === region) return [];
  return [{ property: regionInput, reason: `The local S3 server has region ${region} only` }];
}
