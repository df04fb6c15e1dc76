import {
  credentials,
  Server,
  ServerCredentials,
  status,
  type handleUnaryCall,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { standardOutput } from "../../lib/terminal-output.ts";
import { term, terminalBlock } from "../../lib/terminal-text.ts";
import { decodeProperties, diffInputs, encodeProperties, type ChangeKind } from "./property-map.ts";
import type { CheckedInputs, InputChange, Provider } from "./provider.ts";

/**
 * Serves on a free port of the loopback address and says on standard output which one, as the engine expects. The engine prints
 * messages as they are, so they are cleaned here.
 */
export function serveProvider(provider: Provider, options: Omit<ServiceOptions, "warn">): void {
  const noLimit = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
  const server = new Server(noLimit);
  const warn = engineWarnings(process.argv.at(-1));
  server.addService(ResourceProviderService, providerService(provider, { ...options, warn }));
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error !== null) throw error;
    standardOutput.print(term`${port}`);
  });
}

interface ServiceOptions {
  /** The version that the plugin says it has. */
  readonly version: string;
  /** What a person reads of an error; the engine names the resource itself. */
  readonly describe: (error: unknown) => string;
  /** Told a warning about the resource with the URN. */
  readonly warn: (urn: string, message: string) => Promise<void>;
}

/**
 * The gRPC service of a provider plugin. Methods that are left out answer "unimplemented", which the engine
 * takes for an older provider.
 */
function providerService(provider: Provider, options: ServiceOptions): UntypedServiceImplementation {
  const unary = unaryWith(options.describe);
  return {
    getPluginInfo: unary<Empty, PluginInfo>(() => new PluginInfo().setVersion(options.version)),
    cancel: unary<Empty, Empty>(() => new Empty()),
    ...configurationMethods(provider, unary),
    ...planningMethods(provider, unary, options),
    ...deployingMethods(provider, unary, options),
  };
}

function configurationMethods(provider: Provider, unary: Unary): UntypedServiceImplementation {
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

function planningMethods(
  provider: Provider,
  unary: Unary,
  { warn }: ServiceOptions,
): UntypedServiceImplementation {
  return {
    check: unary<rpc.CheckRequest, rpc.CheckResponse>(async (request) => {
      const { token, name } = parseUrn(request.getUrn());
      const checked = await provider.check(token, {
        name,
        inputs: decodeProperties(request.getNews()),
        oldInputs: decodeProperties(request.getOlds()),
        randomSeed: request.getRandomseed_asU8(),
        proposedName: request.getAutonaming()?.getProposedName(),
      });
      for (const message of checked.warnings ?? []) await warn(request.getUrn(), message);
      return checkResponse(checked);
    }),
    diff: unary<rpc.DiffRequest, rpc.DiffResponse>((request) => {
      const olds = decodeProperties(request.getOldInputs() ?? request.getOlds());
      const { token } = parseUrn(request.getUrn());
      return diffResponse(provider.diff(token, olds, decodeProperties(request.getNews())));
    }),
    read: unary<rpc.ReadRequest, rpc.ReadResponse>(async (request) => {
      const inputs = decodeProperties(request.getInputs());
      // An import knows nothing yet; a refresh knows the inputs at least.
      const known = {
        inputs: Object.keys(inputs).length === 0 ? undefined : inputs,
        outputs: decodeProperties(request.getProperties()),
      };
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

function deployingMethods(
  provider: Provider,
  unary: Unary,
  { warn }: ServiceOptions,
): UntypedServiceImplementation {
  return {
    create: unary<rpc.CreateRequest, rpc.CreateResponse>(async (request) => {
      const { token } = parseUrn(request.getUrn());
      const inputs = decodeProperties(request.getProperties());
      const { id, outputs, warnings = [] } = await provider.create(token, inputs, request.getPreview());
      for (const message of warnings) await warn(request.getUrn(), message);
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
    new rpc.CheckFailure().setProperty(property).setReason(terminalBlock(reason)),
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

type Unary = ReturnType<typeof unaryWith>;

function unaryWith(describe: (error: unknown) => string) {
  return <Request, Response>(
      method: (request: Request) => Response | Promise<Response>,
    ): handleUnaryCall<Request, Response> =>
    ({ request }, callback) => {
      Promise.resolve(request)
        .then(method)
        .then(
          (response) => callback(null, response),
          (error: unknown) => callback({ code: status.UNKNOWN, details: terminalBlock(describe(error)) }),
        );
    };
}

/**
 * Shows warnings with the resource of the URN, in the engine's own output.
 *
 * @param address Where the engine listens: the last argument that it starts a plugin with. Without one, as where a
 *   debugger started the plugin, warnings are dropped.
 */
function engineWarnings(address: string | undefined): (urn: string, message: string) => Promise<void> {
  if (address === undefined || !/:\d+$/.test(address)) return () => Promise.resolve();
  const engine = new EngineClient(address, credentials.createInsecure());
  return (urn, message) => {
    const request = new LogRequest()
      .setSeverity(LogSeverity.WARNING)
      .setUrn(urn)
      .setMessage(terminalBlock(message));
    // A warning that does not arrive must not fail a deployment.
    return new Promise((resolve) => engine.log(request, () => resolve()));
  };
}
