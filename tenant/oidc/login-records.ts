import type { Adapter, AdapterPayload } from "oidc-provider";

/** What is known of the logins of one tenant. */
export interface LoginRecords {
  /** A store of oidc-provider's, by the name of its model. */
  readonly adapter: (model: string) => Adapter;
  /** Ends those of a user's sessions and refresh tokens that are meant. */
  readonly revoke: (userId: string, isMeant: (record: LoginRecord) => boolean) => void;
}

/** One that the Management API can end. */
export interface LoginRecord {
  readonly kind: "Session" | "RefreshToken";
  /** Of the session itself, or of the one that the refresh token was given in. */
  readonly sessionUid: string | undefined;
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
export function createLoginRecords(): LoginRecords {
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
  const removeAll = (keys: readonly string[]): Promise<void> => {
    for (const key of keys) remove(key);
    return Promise.resolve();
  };
  const read = (key: string | undefined): AdapterPayload | undefined => {
    const stored = key === undefined ? undefined : records.get(key);
    return stored && stored.expiresAt > Date.now() ? stored.payload : undefined;
  };
  const sweep = (): void => {
    added += 1;
    if (added % sweepEvery === 0) void removeAll(expired(records));
  };

  const adapter = (model: string): Adapter => ({
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
    findByUserCode: noDeviceFlow,
    consume: (id) => {
      const payload = read(`${model}:${id}`);
      if (payload) payload.consumed = Math.floor(Date.now() / 1000);
      return Promise.resolve();
    },
    destroy: (id) => removeAll([`${model}:${id}`]),
    revokeByGrantId: (grantId) => removeAll([...(byGrant.get(grantId) ?? [])]),
  });

  return {
    adapter,
    revoke: (userId, isMeant) => {
      void removeAll(revocable(records, userId, isMeant));
    },
  };
}

/** This tenant does not have it. */
function noDeviceFlow(): Promise<undefined> {
  return Promise.resolve(undefined);
}

function expired(records: ReadonlyMap<string, Stored>): string[] {
  return [...records].flatMap(([key, { expiresAt }]) => (expiresAt <= Date.now() ? [key] : []));
}

function revocable(
  records: ReadonlyMap<string, Stored>,
  userId: string,
  isMeant: (record: LoginRecord) => boolean,
): string[] {
  return [...records].flatMap(([key, { payload }]) => {
    const kind = key.slice(0, key.indexOf(":"));
    if (payload.accountId !== userId || !isRevocable(kind)) return [];
    const sessionUid = kind === "Session" ? payload.uid : payload.sessionUid;
    return isMeant({ kind, sessionUid }) ? [key] : [];
  });
}

function isRevocable(kind: string): kind is LoginRecord["kind"] {
  return kind === "Session" || kind === "RefreshToken";
}
