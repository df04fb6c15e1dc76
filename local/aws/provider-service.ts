import { status, type handleUnaryCall, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { diffInputs, type ChangeKind } from "./diff-inputs.ts";
import { decodeProperties, encodeProperties } from "./property-map.ts";
import type { CheckedInputs } from "./check-inputs.ts";
import type { InputChange, Provider } from "./provider.ts";
import { errorName, isS3Error } from "./s3-error.ts";
import { LocalError } from "../processes/local-error.ts";

/** The version of `@pulumi/aws` whose plugin this stands in for. */
export const providerVersion = "7.48.0";

/**
 * The gRPC service of a provider plugin. Methods that are left out answer "unimplemented", which the engine
 * takes for an older provider.
 */
export function providerService(provider: Provider): UntypedServiceImplementation {
  return {
    getPluginInfo: unary<Empty, PluginInfo>(() => new PluginInfo().setVersion(providerVersion)),
    cancel: unary<Empty, Empty>(() => new Empty()),
    ...configurationMethods(provider),
    ...planningMethods(provider),
    ...deployingMethods(provider),
  };
}

function configurationMethods(provider: Provider): UntypedServiceImplementation {
  return {
    checkConfig: unary<rpc.CheckRequest, rpc.CheckResponse>((request) =>
      new rpc.CheckResponse().setInputs(request.getNews()),
    ),
    diffConfig: unary<rpc.DiffRequest, rpc.DiffResponse>((request) => {
      const olds = decodeProperties(request.getOldInputs() ?? request.getOlds());
      const changes = diffInputs(olds, decodeProperties(request.getNews()));
      return diffResponse(changes.map((change) => ({ ...change, replaces: false })));
    }),
    configure: unary<rpc.ConfigureRequest, rpc.ConfigureResponse>(async (request) => {
      await provider.configure(decodeProperties(request.getArgs()));
      // Without acceptSecrets the engine hands over plain values, and still encrypts the state.
      return new rpc.ConfigureResponse().setSupportspreview(true).setSupportsAutonamingConfiguration(true);
    }),
    invoke: unary<rpc.InvokeRequest, rpc.InvokeResponse>(async (request) => {
      const result = await provider.invoke(request.getTok(), decodeProperties(request.getArgs()));
      return new rpc.InvokeResponse().setReturn(encodeProperties(result));
    }),
  };
}

function planningMethods(provider: Provider): UntypedServiceImplementation {
  return {
    check: unary<rpc.CheckRequest, rpc.CheckResponse>((request) => {
      const { token, name } = parseUrn(request.getUrn());
      return checkResponse(
        provider.check(token, {
          name,
          inputs: decodeProperties(request.getNews()),
          oldInputs: decodeProperties(request.getOlds()),
          randomSeed: request.getRandomseed_asU8(),
          proposedName: request.getAutonaming()?.getProposedName(),
        }),
      );
    }),
    diff: unary<rpc.DiffRequest, rpc.DiffResponse>((request) => {
      const olds = decodeProperties(request.getOldInputs() ?? request.getOlds());
      const { token } = parseUrn(request.getUrn());
      return diffResponse(provider.diff(token, olds, decodeProperties(request.getNews())));
    }),
    read: unary<rpc.ReadRequest, rpc.ReadResponse>(async (request) => {
      const inputs = decodeProperties(request.getInputs());
      // An import knows nothing yet; a refresh knows the inputs at least.
      const known = Object.keys(inputs).length === 0 ? undefined : inputs;
      const found = await provider.read(parseUrn(request.getUrn()).token, request.getId(), known);
      // An empty id says that it is gone.
      if (found === undefined) return new rpc.ReadResponse();
      return new rpc.ReadResponse()
        .setId(found.id)
        .setInputs(encodeProperties(found.inputs))
        .setProperties(encodeProperties(found.outputs));
    }),
  };
}

function deployingMethods(provider: Provider): UntypedServiceImplementation {
  return {
    create: unary<rpc.CreateRequest, rpc.CreateResponse>(async (request) => {
      const { token } = parseUrn(request.getUrn());
      const inputs = decodeProperties(request.getProperties());
      const { id, outputs } = await provider.create(token, inputs, request.getPreview());
      return new rpc.CreateResponse().setId(id).setProperties(encodeProperties(outputs));
    }),
    update: unary<rpc.UpdateRequest, rpc.UpdateResponse>(async (request) => {
      const { token } = parseUrn(request.getUrn());
      const inputs = decodeProperties(request.getNews());
      const oldOutputs = decodeProperties(request.getOlds());
      const update = { id: request.getId(), inputs, oldOutputs };
      const outputs = await provider.update(token, update, request.getPreview());
      return new rpc.UpdateResponse().setProperties(encodeProperties(outputs));
    }),
    delete: unary<rpc.DeleteRequest, Empty>(async (request) => {
      const { token } = parseUrn(request.getUrn());
      await provider.remove(token, request.getId(), decodeProperties(request.getProperties()));
      return new Empty();
    }),
  };
}

/** `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>` */
function parseUrn(urn: string): { token: string; name: string } {
  const [, , types = "", ...name] = urn.split("::");
  return { token: types.slice(types.lastIndexOf("$") + 1), name: name.join("::") };
}

function checkResponse({ inputs, problems }: CheckedInputs): rpc.CheckResponse {
  const failures = problems.map(({ property, reason }) =>
    new rpc.CheckFailure().setProperty(property).setReason(reason),
  );
  return new rpc.CheckResponse().setInputs(encodeProperties(inputs)).setFailuresList(failures);
}

const { Kind } = rpc.PropertyDiff;
const kinds: Readonly<
  Record<ChangeKind, readonly [inPlace: rpc.PropertyDiff.Kind, replacing: rpc.PropertyDiff.Kind]>
> = {
  add: [Kind.ADD, Kind.ADD_REPLACE],
  delete: [Kind.DELETE, Kind.DELETE_REPLACE],
  update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
};

function diffResponse(changes: readonly InputChange[]): rpc.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = rpc.DiffResponse.DiffChanges;
  const replacing = changes.filter(({ replaces }) => replaces);
  const response = new rpc.DiffResponse()
    .setChanges(changes.length === 0 ? DIFF_NONE : DIFF_SOME)
    .setDiffsList([...new Set(changes.map(({ input }) => input))])
    .setReplacesList([...new Set(replacing.map(({ input }) => input))])
    .setHasdetaileddiff(true);
  for (const { path, kind, replaces } of changes) {
    const difference = new rpc.PropertyDiff().setKind(kinds[kind][replaces ? 1 : 0]).setInputdiff(true);
    response.getDetaileddiffMap().set(path, difference);
  }
  return response;
}

function unary<Request, Response>(
  method: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return ({ request }, callback) => {
    Promise.resolve(request)
      .then(method)
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback({ code: status.UNKNOWN, details: describe(error) }),
      );
  };
}

/** The engine names the resource itself. */
function describe(error: unknown): string {
  if (error instanceof LocalError) return `${error.message} [${error.code}]`;
  if (isS3Error(error)) return `The S3 server refuses it: ${error.name}: ${error.message}`;
  return `The local stand-in of the AWS provider failed: ${errorName(error)}`;
}
