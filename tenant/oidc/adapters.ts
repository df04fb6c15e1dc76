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

interface Stored {
  payload: AdapterPayload;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** Between two sweeps at least this many records are added: sweeping costs nothing per record then. */
const sweepEvery = 5000;

/**
 * oidc-provider's sessions, codes, tokens and grants of one tenant, in memory. Its own memory adapter keeps no more than
 * 1,000 records of all kinds together, which some hundred logins at a time exceed.
 */
export function createAdapterFactory(): (model: string) => Adapter {
  const records = new Map<string, Stored>();
  const byGrant = new Map<string, Set<string>>();
  const byUid = new Map<string, string>();
  let added = 0;

  const remove = (key: string): void => {
    const stored = records.get(key);
    records.delete(key);
    if (!stored) return;
    const { grantId, uid } = stored.payload;
    if (uid !== undefined && byUid.get(uid) === key) byUid.delete(uid);
    if (grantId === undefined) return;
    const keys = byGrant.get(grantId);
    keys?.delete(key);
    if (keys?.size === 0) byGrant.delete(grantId);
  };
  const read = (key: string | undefined): AdapterPayload | undefined => {
    const stored = key === undefined ? undefined : records.get(key);
    return stored && stored.expiresAt > Date.now() ? stored.payload : undefined;
  };
  const sweep = (): void => {
    added += 1;
    if (added % sweepEvery !== 0) return;
    for (const [key, { expiresAt }] of records) {
      if (expiresAt <= Date.now()) remove(key);
    }
  };

  return (model) => ({
    upsert: (id, payload, expiresIn) => {
      const key = `${model}:${id}`;
      const expiresAt = expiresIn === undefined ? Infinity : Date.now() + expiresIn * 1000;
      records.set(key, { payload, expiresAt });
      if (payload.uid !== undefined) byUid.set(payload.uid, key);
      if (payload.grantId !== undefined) {
        const keys = byGrant.get(payload.grantId) ?? new Set();
        byGrant.set(payload.grantId, keys.add(key));
      }
      sweep();
      return Promise.resolve();
    },
    find: (id) => Promise.resolve(read(`${model}:${id}`)),
    findByUid: (uid) => Promise.resolve(read(byUid.get(uid))),
    // For the device flow, which this tenant does not have.
    findByUserCode: () => Promise.resolve(undefined),
    consume: (id) => {
      const payload = read(`${model}:${id}`);
      if (payload) payload.consumed = Math.floor(Date.now() / 1000);
      return Promise.resolve();
    },
    destroy: (id) => {
      remove(`${model}:${id}`);
      return Promise.resolve();
    },
    revokeByGrantId: (grantId) => {
      for (const key of [...(byGrant.get(grantId) ?? [])]) remove(key);
      return Promise.resolve();
    },
  });
}
