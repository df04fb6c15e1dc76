import { output, runtime } from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { configNamespace } from "../stack/read-config.ts";
import { knownResource, refuseUnknownInputs } from "./known-resources.ts";

/** A resource that the program registered, in the order of registration. */
export interface RecordedResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  /** What the program gave of an existing one, to be taken over. */
  readonly importId?: string;
  /** Whether the engine is told to refuse its deletion. */
  readonly isProtected: boolean;
  /** The URN of the resource with whose deletion it goes; empty where it is deleted by itself. */
  readonly deletedWith: string;
}

export interface RecordedProgram {
  readonly resources: readonly RecordedResource[];
  readonly outputs: Record<string, unknown>;
}

export interface ProgramSurroundings {
  readonly stack: string;
  /** Keys without their namespace, values as `pulumi config` gives them. */
  readonly config: Readonly<Record<string, string>>;
  /** The account that the AWS credentials belong to. */
  readonly awsAccountId: string;
  /** The keys in the bucket; left out, there is no such bucket yet. */
  readonly bucketKeys?: readonly string[];
  /** The keys, without their namespace, whose values are encrypted. */
  readonly encrypted?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Told of each resource at once, whatever becomes of the run. */
  readonly onResource?: (name: string) => void;
  /** The names of the Actions that the Login flow has before; by default none. */
  readonly bound?: readonly string[];
  /** The deployed versions of the tenant's post-login Actions; by default none. */
  readonly deployed?: readonly object[];
  /** The outputs of what the stack's state holds before, by URN; by default nothing. */
  readonly state?: Readonly<Record<string, Record<string, unknown>>>;
}

/**
 * Runs index.ts against mocks and gives what it registered.
 *
 * @throws what the program throws, and an Error for a resource, an input or a function that the mocks do not know.
 */
export async function recordProgram(surroundings: ProgramSurroundings): Promise<RecordedProgram> {
  const resources: RecordedResource[] = [];
  let optionsOf: OptionsOf = () => ({ isProtected: false, deletedWith: "" });
  await runtime.setMocks(
    {
      newResource({ type, name, inputs, id }) {
        const { computed } = knownResource(type, name);
        const given = inputs as Record<string, unknown>;
        refuseUnknownInputs(type, name, given);
        const imported = id === undefined || id === "" ? {} : { importId: id };
        surroundings.onResource?.(`${type} ${name}`);
        resources.push({ type, name, inputs: given, ...optionsOf(type, name), ...imported });
        return { id: `${name}-id`, state: { ...given, ...computed?.(given) } };
      },
      call: ({ token, inputs }) => callFunction(token, inputs as Record<string, unknown>, surroundings),
    },
    configNamespace,
    surroundings.stack,
    false,
    "organization",
  );
  optionsOf = watchOptions();
  const entries = Object.entries(surroundings.config).map(([key, text]) => [
    `${configNamespace}:${key}`,
    text,
  ]);
  runtime.setAllConfig(Object.fromEntries(entries) as Record<string, string>);
  const encrypted = (surroundings.encrypted ?? []).map((key) => `${configNamespace}:${key}`);
  const env = { ...surroundings.env, PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(encrypted) };
  const outputs = await withEnvironment(env, loadProgram);
  return { resources, outputs };
}

/** What a provider's function would answer; one that is not here is refused: the mocks do not know it. */
function callFunction(
  token: string,
  { bucket, prefix }: Record<string, unknown>,
  { awsAccountId, bucketKeys, bound = [], state = {}, deployed = [] }: ProgramSurroundings,
): Record<string, unknown> {
  switch (token) {
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { accountId: awsAccountId };
    case "aws:s3/getObjects:getObjects":
      if (bucket === "somebody-elses") throw refusal(`listing S3 Bucket (${bucket}): AccessDenied`);
      if (bucketKeys === undefined) throw refusal(`listing S3 Bucket (${String(bucket)}): NoSuchBucket`);
      return { keys: bucketKeys.filter((key) => key.startsWith(String(prefix))) };
    case "pulumi:pulumi:readStackResourceOutputs": {
      const outputs = Object.entries(state).map(([urn, of]) => [urn, { outputs: of }]);
      return { outputs: Object.fromEntries(outputs) as Record<string, unknown> };
    }
    case "userpictures:index:deployedVersions":
      return { actions: deployed };
    case "userpictures:index:boundActions":
      return { actions: bound.map((name) => ({ id: `${name}-id`, name })) };
    default:
      throw new Error(`The mocks know no function ${token}.`);
  }
}

/** An error as it arrives from a provider: the SDK looks at the details alone. */
function refusal(details: string): Error {
  return Object.assign(new Error(details), { details });
}

type Options = Pick<RecordedResource, "isProtected" | "deletedWith">;

type OptionsOf = (type: string, name: string) => Options;

/** Mocks are not told of a resource's options: they are read from what goes to the engine. */
function watchOptions(): OptionsOf {
  const monitor: unknown = runtime.getMonitor();
  if (!(monitor instanceof MockMonitor)) throw new Error("The mocks are not set.");
  const options = new Map<string, Options>();
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request: RegisterResourceRequest, callback) => {
    options.set(`${request.getType()} ${request.getName()}`, {
      isProtected: request.getProtect() ?? false,
      deletedWith: request.getDeletedwith(),
    });
    return register(request, callback);
  };
  return (type, name) => options.get(`${type} ${name}`) ?? { isProtected: false, deletedWith: "" };
}

/** A fresh run: the program is a module whose loading deploys. */
async function loadProgram(): Promise<Record<string, unknown>> {
  const program = require.resolve("../index.ts");
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- the cache's key is the module's path.
  delete require.cache[program];
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- `import` would keep the first run.
  const exported = require("../index.ts") as Record<string, unknown>;
  const entries = Object.entries(exported).map(
    async ([name, value]) => [name, await known(await value)] as const,
  );
  const outputs = Object.fromEntries(await Promise.all(entries));
  // What nothing is exported of may still be on its way to the engine.
  await runtime.disconnect();
  return outputs;
}

function known(value: unknown): Promise<unknown> {
  return new Promise((resolve) => {
    output(value as string).apply(resolve);
  });
}

async function withEnvironment<T>(env: Readonly<Record<string, string>>, run: () => Promise<T>): Promise<T> {
  const before = process.env;
  process.env = { ...env };
  try {
    return await run();
  } finally {
    process.env = before;
  }
}
