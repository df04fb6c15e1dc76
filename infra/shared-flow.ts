import { CustomResource, type CustomResourceOptions, type Input } from "@pulumi/pulumi";

export interface SharedFlowArgs {
  readonly trigger: Input<string>;
  /** Ours, in the order in which they run. */
  readonly actions: Input<Input<{ readonly id: Input<string>; readonly displayName: Input<string> }>[]>;
  /** `first`, `last`, `before:NAME` or `after:NAME`. */
  readonly position: Input<string>;
}

/** Our Actions' place in a trigger's flow, which other people's Actions share. Served by `provider/flow/shared-flow.ts`. */
export class SharedFlow extends CustomResource {
  static readonly type = "userpictures:index:SharedFlow";

  constructor(name: string, args: SharedFlowArgs, options?: CustomResourceOptions) {
    // A new one finds its Actions bound; deleting the old one after that would unbind them.
    super(SharedFlow.type, name, { ...args }, { ...options, deleteBeforeReplace: true });
  }
}
