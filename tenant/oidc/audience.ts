import type { Provider, ResourceServer } from "oidc-provider";
import type { ResourceServerRecord } from "../state/resource-server.ts";
import type { TenantContext } from "../tenant-context.ts";
import type { Refuse } from "./accounts.ts";

type Grant = InstanceType<Provider["Grant"]>;

/**
 * Auth0's `audience` parameter by way of oidc-provider's resource indicators: with an API's identifier the access token
 * is a JWT for that API. Unlike Auth0's it does not open /userinfo as well, and the identifier has to be a URL.
 */
export function audienceFeature(context: TenantContext, refuse: Refuse) {
  return {
    enabled: true,
    defaultResource: (ctx: {
      oidc: { params?: Record<string, unknown> | undefined };
    }): string | undefined => {
      const audience = ctx.oidc.params?.["audience"];
      return typeof audience === "string" && audience !== `${context.issuer}userinfo` ? audience : undefined;
    },
    getResourceServerInfo: (_ctx: unknown, identifier: string): ResourceServer =>
      resourceServerOf(context, refuse, identifier),
    useGrantedResource: (): boolean => true,
  };
}

/** What oidc-provider has to know of an API. Throws `access_denied` for one that the tenant does not have. */
export function resourceServerOf(
  context: TenantContext,
  refuse: Refuse,
  identifier: string,
): ResourceServer & { scope: string } {
  const server = findServer(context, identifier);
  if (!server) throw refuse(400, "access_denied", `Service not found: ${identifier}`);
  return {
    audience: server.identifier,
    scope: scopeValues(server).join(" "),
    accessTokenTTL: server.token_lifetime,
    accessTokenFormat: "jwt",
    jwt: { sign: { alg: "RS256" } },
  };
}

/** Grants the scopes of the API that were asked for. */
export function grantAudience(
  context: TenantContext,
  grant: Grant,
  identifier: unknown,
  requested: ReadonlySet<string>,
): void {
  const server = typeof identifier === "string" ? findServer(context, identifier) : undefined;
  if (!server) return;
  const scopes = scopeValues(server).filter((scope) => requested.has(scope));
  grant.addResourceScope(server.identifier, scopes.join(" "));
}

function findServer(context: TenantContext, identifier: string): ResourceServerRecord | undefined {
  return [...context.state.resourceServers.values()].find((server) => server.identifier === identifier);
}

function scopeValues(server: ResourceServerRecord): string[] {
  return (server.scopes ?? []).map(({ value }) => value);
}
