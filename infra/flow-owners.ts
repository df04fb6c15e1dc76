import { SharedFlow } from "./shared-flow.ts";
import type { StackResources } from "./read-stack-resources.ts";

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
