import { terraformProviderVersion } from "./terraform-provider.ts";

/** What of our stack is at Auth0. */
export interface TerraformAction {
  readonly name: string;
  /** The file with its code, relative to the configuration. */
  readonly codeFile: string;
}

/**
 * The Auth0 resources of stack `local` in Terraform's JSON syntax: the Actions, their place in the Login flow, and the
 * Management API client with its credentials and its grant. Their arguments are those of infra/login-flow.ts and
 * infra/management-client.ts.
 */
export function terraformConfig(
  actions: readonly TerraformAction[],
  audience: string,
  scopes: readonly string[],
): object {
  const key = (name: string) => name.replaceAll("-", "_");
  const client_id = "${auth0_client.pictures.client_id}";
  return {
    terraform: {
      required_providers: { auth0: { source: "auth0/auth0", version: terraformProviderVersion } },
    },
    provider: { auth0: {} },
    resource: {
      auth0_action: Object.fromEntries(
        actions.map(({ name, codeFile }) => [
          key(name),
          {
            name,
            code: `\${file("\${path.module}/${codeFile}")}`,
            deploy: true,
            runtime: "node22",
            supported_triggers: { id: "post-login", version: "v3" },
          },
        ]),
      ),
      auth0_trigger_actions: {
        login: {
          trigger: "post-login",
          actions: actions.map(({ name }) => ({
            id: `\${auth0_action.${key(name)}.id}`,
            display_name: name,
          })),
        },
      },
      auth0_client: {
        pictures: {
          name: "User pictures",
          description: "Reads users and writes their pictures.",
          client_metadata: { managed_by: "terraform", stack: "local" },
          app_type: "non_interactive",
          grant_types: ["client_credentials"],
          oidc_conformant: true,
          jwt_configuration: { alg: "RS256" },
        },
      },
      auth0_client_credentials: {
        pictures: { client_id, authentication_method: "client_secret_post" },
      },
      auth0_client_grant: { pictures: { client_id, audience, scopes } },
    },
  };
}
