import type { Provider } from "@pulumi/aws";
import type { ProviderResource } from "@pulumi/pulumi";
import { allInOrder } from "./all-in-order.ts";
import type { ActionBundle } from "./bundle-actions.ts";
import type { Identities } from "./ask-identities.ts";
import { checkExclusiveFlow } from "./check-exclusive-flow.ts";
import type { ConfigValues } from "./config-keys.ts";
import { flowOwners, type FlowOwners } from "./flow-owners.ts";
import type { DeploymentRecords } from "./guards/deployment-record.ts";
import { guardDeployedActions } from "./guards/guard-deployed-actions.ts";
import { publishedDefaults } from "./published-defaults.ts";
import type { Pins } from "./read-pins.ts";
import type { StackResources } from "./read-stack-resources.ts";

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
