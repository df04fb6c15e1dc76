import { ProviderResource, type Input, type ResourceOptions } from "@pulumi/pulumi";

export interface UserPicturesProviderArgs {
  /** The tenant's own domain. The credentials are not configuration: the plugin takes them from its environment. */
  readonly domain: Input<string>;
}

/** Our own provider plugin, in `provider/`, for what no stock resource does. `Pulumi.yaml` says where it is. */
export class UserPicturesProvider extends ProviderResource {
  constructor(name: string, args: UserPicturesProviderArgs, options?: ResourceOptions) {
    super("userpictures", name, { ...args }, options);
  }
}
