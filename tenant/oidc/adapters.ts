import { createPublicKey } from "node:crypto";
import type { Adapter, AdapterPayload } from "oidc-provider";
import { parseUrl } from "../../lib/url.ts";
import { authenticationMethod, type ClientRecord } from "../state/client.ts";
import type { TenantContext } from "../tenant-context.ts";
import { isPasswordGrant } from "./password-grant.ts";

/** The tenant's own applications as oidc-provider's clients: always as they are now, never stored twice. */
export function createClientAdapter(context: TenantContext): Adapter {
  const none = (): Promise<undefined> => Promise.resolve(undefined);
  return {
    find: (id) => {
      const client = context.state.clients.get(id);
      return Promise.resolve(client ? clientMetadata(context, client) : undefined);
    },
    upsert: none,
    findByUid: none,
    findByUserCode: none,
    consume: none,
    destroy: none,
    revokeByGrantId: none,
  };
}

function clientMetadata(context: TenantContext, client: ClientRecord): AdapterPayload {
  const native = isNative(client);
  const redirectUris = (client.callbacks ?? []).filter((uri) => isUsable(uri, native));
  const interactive = redirectUris.length > 0;
  const byPassword = client.grant_types.some(isPasswordGrant);
  const grantTypes = client.grant_types.filter(
    (type) =>
      (type === "authorization_code" && interactive) ||
      (type === "refresh_token" && (interactive || byPassword)) ||
      isPasswordGrant(type),
  );
  return {
    client_id: client.client_id,
    client_secret: client.client_secret,
    client_name: client.name,
    application_type: native ? "native" : "web",
    redirect_uris: redirectUris,
    post_logout_redirect_uris: (client.allowed_logout_urls ?? []).filter((uri) => isUsable(uri, native)),
    grant_types: grantTypes,
    response_types: grantTypes.includes("authorization_code") ? ["code"] : [],
    ...authentication(context, client),
  };
}

function authentication(context: TenantContext, client: ClientRecord): AdapterPayload {
  const method = authenticationMethod(client);
  if (method !== undefined) return { token_endpoint_auth_method: method as "none" | "client_secret_post" };
  const credentials = [...(context.state.clientCredentials.get(client.client_id)?.values() ?? [])];
  const keys = credentials.flatMap(({ publicKeyPem, kid, alg }) =>
    publicKeyPem === undefined
      ? []
      : [{ ...createPublicKey(publicKeyPem).export({ format: "jwk" }), kid, alg, use: "sig" }],
  );
  return { token_endpoint_auth_method: "private_key_jwt", jwks: { keys } };
}

/** oidc-provider refuses https callbacks on localhost to native applications, Auth0 does not. */
function isNative(client: ClientRecord): boolean {
  return (
    client.app_type === "native" &&
    !(client.callbacks ?? []).some((uri) => /^https:\/\/(localhost|127\.0\.0\.1|\[::1\])([:/]|$)/.test(uri))
  );
}

/** oidc-provider refuses an application with one bad URL altogether; here just that URL does not work. */
function isUsable(uri: string, native: boolean): boolean {
  const url = parseUrl(uri);
  if (url === undefined || uri.includes("#")) return false;
  return native || /^https?:$/.test(url.protocol);
}
