import { CustomResource, type CustomResourceOptions, type Input } from "@pulumi/pulumi";

export interface ConnectionSyncArgs {
  /** The connection's name. */
  readonly connection: Input<string>;
  /** When a login overwrites root attributes from the upstream provider. */
  readonly setting: Input<"on_first_login">;
}

/** One option of one connection, `set_user_root_attributes`. Served by `provider/connection/connection-sync.ts`. */
export class ConnectionSync extends CustomResource {
  static readonly type = "userpictures:index:ConnectionSync";

  constructor(name: string, args: ConnectionSyncArgs, options?: CustomResourceOptions) {
    // The other way round the new one would take our own value for the former one.
    super(ConnectionSync.type, name, { ...args }, { ...options, deleteBeforeReplace: true });
  }
}
