import type { Provider } from "@pulumi/aws";
import { getObjects } from "@pulumi/aws/s3/getObjects";
import type { ProviderResource } from "@pulumi/pulumi";
import { allInOrder } from "../lib/concurrency.ts";
import { ExpectedError } from "../lib/errors.ts";
import { actionList } from "../stack/actions.ts";
import type { ActionBundle } from "../stack/bundle-actions.ts";
import type { ConfigValues } from "../stack/config-keys.ts";
import { isDefaultImageKey } from "../stack/default-image.ts";
import type { Pins } from "../stack/pins.ts";
import { askTenant, guardDeployedActions, type DeploymentRecords } from "./guard-deployed.ts";
import type { Identities } from "./identities.ts";
import type { StackResources } from "./read-stack-resources.ts";
import { flowOwners, type FlowOwners } from "./user-pictures-provider.ts";

/** What is about to be deployed. */
export interface PlannedRun {
  readonly stack: string;
  readonly config: ConfigValues;
  /** As they are deployed: a pinned one is its pin's. */
  readonly bundles: readonly ActionBundle[];
  readonly pinned: Pins;
  /** The state before this run. */
  readonly resources: Promise<StackResources>;
}

/** Those that are asked. */
export interface AskedProviders {
  readonly aws: Provider;
  /** Our own one: it asks the tenant. */
  readonly userpictures: ProviderResource;
}

/** What Auth0, AWS and the state say. */
export interface Surroundings {
  /** The keys of the default images in the bucket. */
  readonly published: readonly string[];
  /** What is to be recorded before anything is deployed. */
  readonly deployments: DeploymentRecords;
  readonly owners: FlowOwners;
}

/**
 * Asks Auth0 and AWS, at the same time, for everything for which a run may have to be refused.
 *
 * @throws ExpectedError as the parts do; where both refuse, Auth0's.
 */
export async function checkSurroundings(
  run: PlannedRun,
  identities: Identities,
  { aws, userpictures }: AskedProviders,
): Promise<Surroundings> {
  const [auth0, published] = await allInOrder([
    identities.auth0.then(() => askAuth0(run, userpictures)),
    identities.aws.then(() => publishedDefaults(run.config.imageBucket, aws)),
  ]);
  return { ...auth0, published };
}

async function askAuth0(
  { config, ...run }: PlannedRun,
  userpictures: ProviderResource,
): Promise<Omit<Surroundings, "published">> {
  const guarded = { ...run, replaceDeployed: config.replaceDeployed };
  const deployments = await guardDeployedActions(guarded, userpictures);
  const owners = flowOwners(config.flowOwnership, await run.resources);
  if (owners.owner === "exclusive") await checkExclusiveFlow(config.dropForeignActions, userpictures);
  return { deployments, owners };
}

/**
 * Fails if the Login flow has foreign Actions that an exclusive flow would unbind and that are not named.
 *
 * @param allowed Config key `dropForeignActions`.
 * @throws ExpectedError `flow-drops-actions` or `auth0-refused`.
 */
async function checkExclusiveFlow(allowed: readonly string[], provider: ProviderResource): Promise<void> {
  const { actions } = await askTenant<{ readonly actions: readonly { readonly name: string }[] }>(
    "userpictures:index:boundActions",
    { trigger: "post-login" },
    provider,
  );
  const kept = new Set<string>([...actionList.map(({ name }) => name), ...allowed]);
  const dropped = actions.map(({ name }) => name).filter((name) => !kept.has(name));
  if (dropped.length === 0) return;
  throw new ExpectedError(
    "flow-drops-actions",
    `The Login flow has Actions that do not belong to this project: ${dropped.join(", ")}. With flowOwnership exclusive they would be ` +
      `unbound. Set flowOwnership to shared, or name them in dropForeignActions: ` +
      `pulumi config set dropForeignActions '${JSON.stringify([...allowed, ...dropped])}'.`,
  );
}

/**
 * The keys of the default images in the bucket, those that were published before this one too; none where the
 * bucket is not there yet.
 *
 * @throws ExpectedError `image-bucket-refused` if the bucket belongs to another account or may not be listed.
 */
async function publishedDefaults(bucketName: string, provider: Provider): Promise<readonly string[]> {
  try {
    const { keys } = await getObjects({ bucket: bucketName, prefix: "default-" }, { provider });
    return keys.filter(isDefaultImageKey);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    if (why.includes("NoSuchBucket")) return [];
    throw new ExpectedError(
      "image-bucket-refused",
      `The bucket ${bucketName} (config key imageBucket) cannot be listed: ${why}. Bucket names are unique in all ` +
        "of AWS: choose another one if it belongs to another account. If it is yours, check that awsRegion is its region and that " +
        "the AWS credentials have s3:ListBucket on it.",
      { cause },
    );
  }
}
