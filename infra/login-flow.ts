import { Action } from "@pulumi/auth0/action";
import { TriggerActions } from "@pulumi/auth0/triggerActions";
import {
  ComponentResource,
  type ComponentResourceOptions,
  type CustomResource,
  type CustomResourceOptions,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import type { ProgramAction } from "../stack/pins.ts";
import { SharedFlow, type FlowOwner, type FlowOwners } from "./user-pictures-provider.ts";

export interface LoginFlowArgs {
  /** The Actions in the order in which they run. */
  readonly actions: readonly ProgramAction[];
  /** What must exist before an Action goes live: the image that the Actions point at. */
  readonly after: Resource;
  /** Which resource binds them, and which one did so far. */
  readonly owners: FlowOwners;
  /** Among other people's Actions: `first`, `last`, `before:NAME` or `after:NAME`. */
  readonly position: string;
}

const trigger = "post-login";

/** The tenant's post-login Actions, deployed, and their place in the Login flow. Needs the providers auth0 and userpictures. */
export class LoginFlow extends ComponentResource {
  /** The deployed version of each Action, by the Action's name. */
  readonly versions: Readonly<Record<string, Output<string>>>;

  constructor(name: string, args: LoginFlowArgs, options: ComponentResourceOptions) {
    super("auth0-user-pictures:index:LoginFlow", name, {}, options);
    const actions = args.actions.map(
      ({ name: actionName, code, runtime, dependencies }) =>
        new Action(
          actionName,
          {
            name: actionName,
            code,
            deploy: true,
            runtime,
            ...(dependencies.length === 0
              ? {}
              : { dependencies: dependencies.map((module) => ({ ...module })) }),
            supportedTriggers: { id: trigger, version: "v3" },
          },
          { parent: this, dependsOn: args.after },
        ),
    );
    const { owner, retiring } = args.owners;
    const bindings = actions.map((action) => ({ id: action.id, displayName: action.name }));
    const bind = (by: FlowOwner, more: CustomResourceOptions) =>
      bindActions(by, bindings, args.position, { parent: this, ...more });
    // Deleting it would unbind what its successor has: it stays as it is, and the next run forgets it.
    const former =
      retiring === undefined
        ? []
        : [bind(retiring, { retainOnDelete: true, protect: false, ignoreChanges: ["actions", "position"] })];
    const binding = bind(owner, { dependsOn: former });
    this.versions = Object.fromEntries(
      actions.map((action, index) => [args.actions[index]?.name, action.versionId]),
    ) as Record<string, Output<string>>;
    // Known only once the new owner is there: the next run reads it from the state.
    this.registerOutputs({ retiredFlowOwner: binding.id.apply(() => retiring ?? "") });
  }
}

type Bindings = { readonly id: Output<string>; readonly displayName: Output<string> }[];

function bindActions(
  owner: FlowOwner,
  actions: Bindings,
  position: string,
  options: CustomResourceOptions,
): CustomResource {
  return owner === "shared"
    ? new SharedFlow(trigger, { trigger, actions, position }, options)
    : new TriggerActions(trigger, { trigger, actions }, options);
}
