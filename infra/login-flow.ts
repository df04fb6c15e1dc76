import { Action, TriggerActions } from "@pulumi/auth0";
import { ComponentResource, type ComponentResourceOptions, type Output, type Resource } from "@pulumi/pulumi";
import type { ActionBundle } from "./bundle-actions.ts";

export interface LoginFlowArgs {
  /** The Actions in the order in which they run. */
  readonly bundles: readonly ActionBundle[];
  /** What must exist before an Action goes live: the image that the Actions point at. */
  readonly after: Resource;
}

/** The tenant's post-login Actions, deployed, and their place in the Login flow. */
export class LoginFlow extends ComponentResource {
  /** The deployed version of each Action, by the Action's name. */
  readonly versions: Readonly<Record<string, Output<string>>>;

  constructor(name: string, args: LoginFlowArgs, options: ComponentResourceOptions) {
    super("auth0-user-pictures:index:LoginFlow", name, {}, options);
    const childOptions = { parent: this };
    const actions = args.bundles.map(
      ({ name: actionName, code }) =>
        new Action(
          actionName,
          {
            name: actionName,
            code,
            deploy: true,
            runtime: "node22",
            supportedTriggers: { id: "post-login", version: "v3" },
          },
          { ...childOptions, dependsOn: args.after },
        ),
    );
    new TriggerActions(
      "post-login",
      {
        trigger: "post-login",
        actions: actions.map((action) => ({ id: action.id, displayName: action.name })),
      },
      childOptions,
    );
    this.versions = Object.fromEntries(
      actions.map((action, index) => [args.bundles[index]?.name, action.versionId]),
    ) as Record<string, Output<string>>;
    this.registerOutputs({});
  }
}
