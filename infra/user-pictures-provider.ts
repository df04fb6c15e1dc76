import {
  CustomResource,
  ProviderResource,
  type CustomResourceOptions,
  type Input,
  type ResourceOptions,
} from "@pulumi/pulumi";
import type { StackResources } from "./read-stack-resources.ts";

export interface UserPicturesProviderArgs {
  /** The tenant's own domain. The credentials are not configuration: the plugin takes them from its environment. */
  readonly domain: Input<string>;
}

/** Our own provider plugin, in `plugins/userpictures/`, for what no stock resource does. `Pulumi.yaml` says where it is. */
export class UserPicturesProvider extends ProviderResource {
  constructor(name: string, args: UserPicturesProviderArgs, options?: ResourceOptions) {
    super("userpictures", name, { ...args }, options);
  }
}

interface SharedFlowArgs {
  readonly trigger: Input<string>;
  /** Ours, in the order in which they run. */
  readonly actions: Input<Input<{ readonly id: Input<string>; readonly displayName: Input<string> }>[]>;
  /** `first`, `last`, `before:NAME` or `after:NAME`. */
  readonly position: Input<string>;
}

/** Our Actions' place in a trigger's flow, which other people's Actions share. Served by `plugins/userpictures/flow/shared-flow.ts`. */
export class SharedFlow extends CustomResource {
  static readonly type = "userpictures:index:SharedFlow";

  constructor(name: string, args: SharedFlowArgs, options?: CustomResourceOptions) {
    // A new one finds its Actions bound; deleting the old one after that would unbind them.
    super(SharedFlow.type, name, { ...args }, { ...options, deleteBeforeReplace: true });
  }
}

interface ConnectionSyncArgs {
  /** The connection's name. */
  readonly connection: Input<string>;
  /** When a login overwrites root attributes from the upstream provider. */
  readonly setting: Input<"on_first_login">;
}

/** One option of one connection, `set_user_root_attributes`. Served by `plugins/userpictures/connection/connection-sync.ts`. */
export class ConnectionSync extends CustomResource {
  static readonly type = "userpictures:index:ConnectionSync";

  constructor(name: string, args: ConnectionSyncArgs, options?: CustomResourceOptions) {
    // The other way round the new one would take our own value for the former one.
    super(ConnectionSync.type, name, { ...args }, { ...options, deleteBeforeReplace: true });
  }
}

/** Config key `flowOwnership`. */
export type FlowOwner = "shared" | "exclusive";

/** Which resource binds our Actions, and which one did so far and still stands in the state. */
export interface FlowOwners {
  readonly owner: FlowOwner;
  readonly retiring?: FlowOwner;
}

const types: Readonly<Record<FlowOwner, string>> = {
  shared: SharedFlow.type,
  exclusive: "auth0:index/triggerActions:TriggerActions",
};

/**
 * How a stack gets from one owner to the other without an empty flow: the engine deletes what a program no longer has
 * AFTER it made what is new, and deleting either owner unbinds our Actions. So the run that makes the new owner keeps the
 * former one, marked as not to be deleted in truth (`retainOnDelete`); the run after that leaves it out.
 *
 * @param resources The state before this run. The login flow's output `retiredFlowOwner` says who was marked.
 */
export function flowOwners(owner: FlowOwner, resources: StackResources): FlowOwners {
  const other = owner === "shared" ? "exclusive" : "shared";
  const inState = [...resources].some(([urn]) => urn.includes(`$${types[other]}::`));
  if (!inState || retired(resources) === other) return { owner };
  return { owner, retiring: other };
}

function retired(resources: StackResources): unknown {
  const [, outputs] = [...resources].find(([urn]) => urn.endsWith(":LoginFlow::login-flow")) ?? [];
  return outputs?.["retiredFlowOwner"];
}
