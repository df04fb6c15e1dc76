import type { Environment } from "../../lib/environment.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { sha256 } from "../../lib/hash.ts";
import { diffInputs, isUnknown, unknownValue, type PropertyMap } from "../grpc/property-map.ts";
import type {
  CheckedInputs,
  CheckProblem,
  CheckRequest,
  CreatedResource,
  InputChange,
  Provider,
  ReadResource,
} from "../grpc/provider.ts";
import { bucketObjectv2 } from "./bucket-objectv2.ts";
import { bucketPolicy } from "./bucket-policy.ts";
import { bucketCorsConfiguration, bucketOwnershipControls, bucketVersioning } from "./bucket-settings.ts";
import { bucket } from "./bucket.ts";
import { connect, type Connection } from "./connection.ts";
import { callFunction } from "./provider-functions.ts";
import { readProviderSettings } from "./provider-settings.ts";
import type { CheckContext, Found, ResourceType } from "./resource-type.ts";
import { stateOnlyTypes } from "./state-only-settings.ts";

/** It needs no request to check inputs. */
export interface AwsProvider extends Provider {
  check(token: string, request: CheckRequest): CheckedInputs;
  invoke(token: string, args: PropertyMap): Promise<PropertyMap>;
}

/** A provider that is not configured yet. */
export function createProvider(env: Environment): AwsProvider {
  let connection: Connection | undefined;
  const connected = () => {
    if (connection !== undefined) return connection;
    const message = "The AWS provider is not configured: its configuration is not known before deployment.";
    throw new ExpectedError("aws-not-configured", message);
  };
  const region = () => connection?.settings.region;
  return {
    configure: async (config) => {
      connection = await connect(readProviderSettings(config, env));
    },
    check: (token, request) => check(resourceTypeOf(token), request, region()),
    diff: (token, olds, news) => diff(resourceTypeOf(token), olds, news),
    create: (token, inputs, preview) => {
      const type = resourceTypeOf(token);
      if (!preview) return create(type, connected(), inputs);
      const outputs = { ...unknowns(type.computed), ...inputs, region: region() ?? unknownValue };
      return Promise.resolve({ id: "", outputs });
    },
    read: (token, id, { inputs }) => read(resourceTypeOf(token), connected(), id, inputs),
    update: async (token, { id, inputs, oldOutputs }, preview) => {
      const type = resourceTypeOf(token);
      if (preview) return previewOfUpdate(type, inputs, oldOutputs);
      await type.write(connected(), inputs, oldOutputs);
      return outputsOf(inputs, await readWritten(type, connected(), id, inputs), connected());
    },
    remove: (token, id, outputs) => resourceTypeOf(token).remove(connected(), id, outputs),
    invoke: async (token, args) => callFunction(token, connected(), args),
  };
}

function check(type: ResourceType, request: CheckRequest, region: string | undefined): CheckedInputs {
  const { name, inputs, oldInputs, randomSeed, proposedName } = request;
  const suffix = sha256(randomSeed).slice(0, 7);
  const autoName = proposedName ?? `${name.toLowerCase()}-${suffix}`;
  return checkInputs(type, inputs, { autoName, oldInputs }, region);
}

function diff(type: ResourceType, olds: PropertyMap, news: PropertyMap): InputChange[] {
  const changes = diffInputs(olds, news, type.sameMeaning);
  return changes.map((change) => ({ ...change, replaces: type.inputs[change.input]?.replaces === true }));
}

async function create(
  type: ResourceType,
  connection: Connection,
  inputs: PropertyMap,
): Promise<CreatedResource> {
  await type.write(connection, inputs);
  const id = type.idOf(inputs);
  return { id, outputs: outputsOf(inputs, await readWritten(type, connection, id, inputs), connection) };
}

async function read(
  type: ResourceType,
  connection: Connection,
  id: string,
  known: PropertyMap | undefined,
): Promise<ReadResource | undefined> {
  const { region, ...rest } = known ?? {};
  const found = await type.read(connection, id, known && rest);
  if (found === undefined) return undefined;
  const inputs = { ...found.inputs, region };
  return { id: type.idOf(inputs), inputs, outputs: outputsOf(inputs, found, connection) };
}

async function readWritten(
  type: ResourceType,
  connection: Connection,
  id: string,
  inputs: PropertyMap,
): Promise<Found> {
  const found = await type.read(connection, id, inputs);
  if (found !== undefined) return found;
  throw new ExpectedError(
    "aws-vanished",
    `${type.token} ${id} was gone immediately after it was written. Try again.`,
  );
}

function outputsOf(inputs: PropertyMap, { computed }: Found, { settings }: Connection): PropertyMap {
  return { ...inputs, ...computed, region: settings.region };
}

function previewOfUpdate(type: ResourceType, inputs: PropertyMap, oldOutputs: PropertyMap): PropertyMap {
  const kept = type.computed.map((name) => [name, oldOutputs[name]] as const);
  const { region } = oldOutputs;
  return { ...Object.fromEntries(kept), ...unknowns(type.changing ?? []), ...inputs, region };
}

function unknowns(names: readonly string[]): PropertyMap {
  return Object.fromEntries(names.map((name) => [name, unknownValue]));
}

/** Every resource may name its region; the stand-in's server has one only. */
const regionInput = "region";

/** Checks and completes a resource's inputs; `region` is the provider's, if that is configured already. */
function checkInputs(
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

/** What the stand-in has of the AWS provider. */
const resourceTypes: readonly ResourceType[] = [
  bucket,
  bucketObjectv2,
  bucketPolicy,
  bucketVersioning,
  bucketOwnershipControls,
  bucketCorsConfiguration,
  ...stateOnlyTypes,
];

/** @throws ExpectedError `aws-type-unknown`. */
function resourceTypeOf(token: string): ResourceType {
  const found = resourceTypes.find((type) => type.token === token);
  if (found !== undefined) return found;
  throw new ExpectedError(
    "aws-type-unknown",
    `The local stand-in of the AWS provider does not have ${token}; it has ${resourceTypes.map((type) => type.token).join(", ")}. ` +
      "Add it to plugins/aws, or leave the resource out of local stacks.",
  );
}
