import { Client } from "@pulumi/auth0/client";
import { ClientCredentials } from "@pulumi/auth0/clientCredentials";
import { ClientGrant } from "@pulumi/auth0/clientGrant";
import { ComponentResource, secret, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { managementAudience } from "../auth0/management-token.ts";
import { ExpectedError } from "../lib/errors.ts";
import type { ManagementScope } from "../stack/client-capabilities.ts";

/** How the client authenticates: with the secret that Auth0 makes, or with one of these public keys, as PEM. */
export type ClientAuthentication = "client_secret_post" | { readonly publicKeys: readonly string[] };

export interface ManagementClientArgs {
  /** The tenant's own domain: its Management API is the audience of the grant. */
  readonly auth0Domain: string;
  readonly stack: string;
  /** The logical name of the client's resources. */
  readonly resourceName: string;
  /** What Auth0's dashboard shows. */
  readonly displayName: string;
  /** At most 140 characters, by Auth0's rule. */
  readonly description: string;
  readonly scopes: readonly ManagementScope[];
  readonly authentication: ClientAuthentication;
}

/** A machine-to-machine client for the Management API that may do what its scopes say, no more. */
export class ManagementClient extends ComponentResource {
  readonly clientId: Output<string>;
  /** Secret; undefined where the client has keys. */
  readonly clientSecret: Output<string> | undefined;

  constructor(name: string, args: ManagementClientArgs, options: ComponentResourceOptions) {
    super("auth0-user-pictures:index:ManagementClient", name, {}, options);
    const { resourceName, authentication } = args;
    const childOptions = { parent: this };
    const client = new Client(
      resourceName,
      {
        name: args.displayName,
        description: args.description,
        appType: "non_interactive",
        grantTypes: ["client_credentials"],
        oidcConformant: true,
        jwtConfiguration: { alg: "RS256" },
        clientMetadata: clientMark(args.stack),
      },
      childOptions,
    );
    const credentials = new ClientCredentials(
      resourceName,
      { clientId: client.clientId, ...credentialInputs(authentication) },
      { ...childOptions, additionalSecretOutputs: ["clientSecret"] },
    );
    new ClientGrant(
      resourceName,
      {
        clientId: client.clientId,
        audience: managementAudience(args.auth0Domain),
        scopes: withoutWildcards(args.resourceName, args.scopes),
      },
      childOptions,
    );
    this.clientId = client.clientId;
    this.clientSecret =
      authentication === "client_secret_post" ? secret(credentials.clientSecret) : undefined;
    this.registerOutputs({});
  }
}

function credentialInputs(authentication: ClientAuthentication) {
  if (authentication === "client_secret_post") return { authenticationMethod: authentication };
  return {
    authenticationMethod: "private_key_jwt",
    privateKeyJwt: {
      credentials: authentication.publicKeys.map((pem) => ({ credentialType: "public_key", pem })),
    },
  };
}

/** A scope of the Management API names one operation on one kind of thing: `read:users`. */
const scopeForm = /^[a-z]+:[a-z0-9_]+$/;

/**
 * Gives the scopes back where each names exactly what it allows.
 *
 * @param client The client that gets them, for the message.
 * @throws ExpectedError `wildcard-scope` for `*`, `read:*` and everything else that is not a plain scope.
 */
export function withoutWildcards<S extends string>(client: string, scopes: readonly S[]): S[] {
  const strange = scopes.filter((scope) => !scopeForm.test(scope));
  if (strange.length === 0) return [...scopes];
  const named = strange.map((scope) => JSON.stringify(scope)).join(", ");
  const message = `Client ${client} would get ${named}. Name each scope that it needs, such as "read:users".`;
  throw new ExpectedError("wildcard-scope", message);
}

/**
 * What every Auth0 application of a stack carries in its `client_metadata`, so that it is known for ours where no
 * state tells of it any more. Auth0 takes texts of at most 255 characters there.
 */
function clientMark(stack: string): { readonly managed_by: string; readonly stack: string } {
  return { managed_by: "auth0-user-pictures", stack };
}
