import { output, runtime } from "@pulumi/pulumi";

/** A resource that the program registered, in the order of registration. */
export interface RecordedResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  /** What the program gave of an existing one, to be taken over. */
  readonly importId?: string;
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
  readonly env: Readonly<Record<string, string>>;
  /** The names of the Actions that the Login flow has before; by default none. */
  readonly bound?: readonly string[];
  /** The outputs of what the stack's state holds before, by URN; by default nothing. */
  readonly state?: Readonly<Record<string, Record<string, unknown>>>;
}

/** What functions answer, by token. */
function answers({ awsAccountId, bound = [], state = {} }: ProgramSurroundings): Record<string, object> {
  return {
    "aws:index/getCallerIdentity:getCallerIdentity": { accountId: awsAccountId },
    "pulumi:pulumi:readStackResourceOutputs": {
      outputs: Object.fromEntries(Object.entries(state).map(([urn, outputs]) => [urn, { outputs }])),
    },
    "userpictures:index:boundActions": { actions: bound.map((name) => ({ id: `${name}-id`, name })) },
  };
}

/** What a provider would compute, by type; a type that is not here is refused: the mocks do not know it. */
const computed: Readonly<Record<string, (inputs: Record<string, unknown>) => Record<string, unknown>>> = {
  "auth0-user-pictures:index:ImageBucket": () => ({}),
  "auth0-user-pictures:index:LoginFlow": () => ({}),
  "auth0-user-pictures:index:ManagementClient": () => ({}),
  "auth0:index/action:Action": () => ({ versionId: "version-id" }),
  "auth0:index/client:Client": () => ({ clientId: "client-id" }),
  "auth0:index/clientCredentials:ClientCredentials": () => ({ clientSecret: "client-secret" }),
  "auth0:index/clientGrant:ClientGrant": () => ({}),
  "auth0:index/triggerActions:TriggerActions": () => ({}),
  "aws:cloudfront/distribution:Distribution": () => ({
    arn: "arn:aws:cloudfront::123456789012:distribution/E1",
    domainName: "d111111abcdef8.cloudfront.net",
  }),
  "aws:cloudfront/originAccessControl:OriginAccessControl": () => ({}),
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": () => ({}),
  "aws:s3/bucket:Bucket": ({ bucket }) => ({
    arn: `arn:aws:s3:::${String(bucket)}`,
    bucketRegionalDomainName: `${String(bucket)}.s3.eu-central-1.amazonaws.com`,
  }),
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": () => ({}),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": () => ({}),
  "aws:s3/bucketObjectv2:BucketObjectv2": () => ({}),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": () => ({}),
  "aws:s3/bucketPolicy:BucketPolicy": () => ({}),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": () => ({}),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": () => ({}),
  "aws:s3/bucketVersioning:BucketVersioning": () => ({}),
  "pulumi:providers:auth0": () => ({}),
  "pulumi:providers:aws": () => ({}),
  "pulumi:providers:userpictures": () => ({}),
  "userpictures:index:ConnectionSync": () => ({ former: "unset" }),
  "userpictures:index:SharedFlow": () => ({}),
};

/**
 * Runs index.ts against mocks and gives what it registered.
 *
 * @throws what the program throws, and an Error for a resource or function that the mocks do not know.
 */
export async function recordProgram(surroundings: ProgramSurroundings): Promise<RecordedProgram> {
  const resources: RecordedResource[] = [];
  await runtime.setMocks(
    {
      newResource({ type, name, inputs, id }) {
        const compute = computed[type];
        if (compute === undefined) throw new Error(`The mocks know no resource type ${type} (${name}).`);
        const given = inputs as Record<string, unknown>;
        resources.push({
          type,
          name,
          inputs: given,
          ...(id === undefined || id === "" ? {} : { importId: id }),
        });
        return { id: `${name}-id`, state: { ...given, ...compute(given) } };
      },
      call: ({ token, inputs }) => callFunction(token, inputs as Record<string, unknown>, surroundings),
    },
    "auth0-user-pictures",
    surroundings.stack,
    false,
    "organization",
  );
  const entries = Object.entries(surroundings.config).map(([key, text]) => [
    `auth0-user-pictures:${key}`,
    text,
  ]);
  runtime.setAllConfig(Object.fromEntries(entries) as Record<string, string>);
  const outputs = await withEnvironment(surroundings.env, loadProgram);
  return { resources, outputs };
}

/** What the engine or a provider would answer; a function that is not here is refused: the mocks do not know it. */
function callFunction(
  token: string,
  inputs: Record<string, unknown>,
  surroundings: ProgramSurroundings,
): Record<string, unknown> {
  const answer =
    token === "aws:s3/getObjects:getObjects"
      ? bucketObjects(inputs, surroundings)
      : answers(surroundings)[token];
  if (answer === undefined) throw new Error(`The mocks know no function ${token}.`);
  return answer as Record<string, unknown>;
}

function bucketObjects(
  { bucket, prefix }: Record<string, unknown>,
  { bucketKeys }: ProgramSurroundings,
): object {
  if (bucket === "somebody-elses") throw refusal(`listing S3 Bucket (${bucket}): AccessDenied`);
  if (bucketKeys === undefined) throw refusal(`listing S3 Bucket (${String(bucket)}): NoSuchBucket`);
  return { keys: bucketKeys.filter((key) => key.startsWith(String(prefix))) };
}

/** An error as it arrives from a provider: the SDK looks at the details alone. */
function refusal(details: string): Error {
  return Object.assign(new Error(details), { details });
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
