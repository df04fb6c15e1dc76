import { Client, ClientCredentials, ClientGrant } from "@pulumi/auth0";
import {
  ComponentResource,
  secret,
  type ComponentResourceOptions,
  type Input,
  type Output,
} from "@pulumi/pulumi";
import { managementAudience } from "./management-audience.ts";

export interface ManagementClientArgs {
  /** The tenant's own domain: its Management API is the audience of the grant. */
  readonly auth0Domain: string;
}

/**
 * What the picture commands need: to read a user and to write their picture and metadata. Auth0 has no
 * narrower scope than `update:users` for metadata; it also permits changing other profile fields.
 */
const pictureScopes = ["read:users", "update:users"] as const;

/** A machine-to-machine client for the Management API that may do what the picture commands do, no more. */
export class ManagementClient extends ComponentResource {
  readonly clientId: Output<string>;
  /** Secret. */
  readonly clientSecret: Output<string>;

  constructor(name: string, args: ManagementClientArgs, options: ComponentResourceOptions) {
    super("auth0-user-pictures:index:ManagementClient", name, {}, options);
    const childOptions = { parent: this };
    const client = new Client(
      "user-pictures",
      {
        name: "User pictures",
        description: "Reads users and writes their pictures. Managed by auth0-user-pictures.",
        appType: "non_interactive",
        grantTypes: ["client_credentials"],
        oidcConformant: true,
        jwtConfiguration: { alg: "RS256" },
      },
      childOptions,
    );
    const credentials = new ClientCredentials(
      "user-pictures",
      { clientId: client.clientId, authenticationMethod: "client_secret_post" },
      { ...childOptions, additionalSecretOutputs: ["clientSecret"] },
    );
    new ClientGrant(
      "user-pictures",
      {
        clientId: client.clientId,
        audience: managementAudience(args.auth0Domain),
        scopes: [...pictureScopes] as Input<string>[],
      },
      childOptions,
    );
    this.clientId = client.clientId;
    this.clientSecret = secret(credentials.clientSecret);
    this.registerOutputs({});
  }
}
