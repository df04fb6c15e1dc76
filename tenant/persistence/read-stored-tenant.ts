import { readFile } from "node:fs/promises";
import type { JWK } from "jose";
import { removeLeftDrafts } from "../../lib/durable-file.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { isJsonObject } from "../../lib/json.ts";
import { addManagementClient } from "../first-records.ts";
import type { ClientRecord } from "../state/client.ts";
import { createTenantState, type TenantState } from "../state/tenant-state.ts";
import type { TenantContext } from "../tenant-context.ts";

/** What a tenant needs in order to be the same one after a restart. */
export interface StoredTenant {
  /** `localhost:PORT` at that time: the Management API's identifier and the grants hold it. */
  domain: string;
  managementClientId: string;
  /** With the private key. */
  signingKey: JWK;
  state: TenantState;
}

/** Of the file's form; another one is refused rather than guessed at. */
export const storedFormat = 1;

/**
 * Reads the tenant's file; undefined where there is none yet. A draft beside it was never finished and is removed.
 *
 * @throws ExpectedError `data-unreadable`: the file is not a tenant's data, is of another version, or is damaged.
 */
export async function readStoredTenant(file: string): Promise<StoredTenant | undefined> {
  removeLeftDrafts(file);
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw unreadable(file, "it cannot be read", cause);
  });
  if (text === undefined) return undefined;
  return storedTenant(file, parsed(file, text));
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable(file, "it is not valid JSON", cause);
  }
}

function storedTenant(file: string, value: unknown): StoredTenant {
  if (!isJsonObject(value) || value["format"] !== storedFormat) {
    throw unreadable(file, `it is not of format ${storedFormat}`);
  }
  const { domain, managementClientId, signingKey, state } = value;
  if (typeof domain !== "string" || typeof managementClientId !== "string" || !isJsonObject(signingKey)) {
    throw unreadable(file, "domain, managementClientId or signingKey is missing");
  }
  return { domain, managementClientId, signingKey: signingKey, state: storedState(file, state) };
}

/** Collections that an older file does not have are empty; one of another kind than it has to be is refused. */
function storedState(file: string, encoded: unknown): TenantState {
  const state = createTenantState();
  const stored = decodeState(encoded);
  if (!isJsonObject(stored)) throw unreadable(file, "state is missing");
  for (const [name, empty] of Object.entries(state) as [string, unknown][]) {
    const found: unknown = stored[name] ?? empty;
    if (kindOf(found) !== kindOf(empty)) throw unreadable(file, `state.${name} is not a ${kindOf(empty)}`);
    Object.assign(state, { [name]: found });
  }
  return state;
}

function kindOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

function unreadable(file: string, problem: string, cause?: unknown): ExpectedError {
  return new ExpectedError(
    "data-unreadable",
    `The tenant's data in ${file} cannot be used: ${problem}. Move the file away to start with an empty tenant, or name another folder.`,
    cause === undefined ? {} : { cause },
  );
}

/** The tags that stand for what JSON has no form for. */
const mapTag = "$map";
const setTag = "$set";

/**
 * A value as plain JSON: a Map becomes `{"$map": [[key, value], …]}`, a Set `{"$set": […]}`. A key of an object that itself
 * begins with `$` gets a second one, so that no metadata can be taken for a tag.
 */
export function encodeState(value: unknown): unknown {
  if (value instanceof Map) {
    const entries = [...(value as Map<unknown, unknown>)];
    return { [mapTag]: entries.map(([key, entry]) => [key, encodeState(entry)]) };
  }
  if (value instanceof Set) return { [setTag]: [...(value as Set<unknown>)].map(encodeState) };
  if (Array.isArray(value)) return (value as unknown[]).map(encodeState);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key.startsWith("$") ? `$${key}` : key,
      encodeState(entry as unknown),
    ]),
  );
}

/** What {@link encodeState} was given. */
export function decodeState(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decodeState);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value) as [string, unknown][];
  const [[tag, items] = []] = entries;
  if (tag === mapTag && Array.isArray(items)) {
    return new Map((items as [unknown, unknown][]).map(([key, entry]) => [key, decodeState(entry)]));
  }
  if (tag === setTag && Array.isArray(items)) return new Set(items.map(decodeState));
  return Object.fromEntries(
    entries.map(([key, entry]) => [key.startsWith("$$") ? key.slice(1) : key, decodeState(entry)]),
  );
}

/**
 * Makes stored records those of the running tenant and returns the application that may do everything. A real tenant's
 * domain never changes; here another port is another domain, and Auth0's own APIs with their grants move along.
 */
export function reopenRecords(context: TenantContext, stored: StoredTenant): ClientRecord {
  const { clientGrants, clients, resourceServers } = context.state;
  const former = `https://${stored.domain}/`;
  const moved = (address: string): string =>
    address.startsWith(former) ? context.issuer + address.slice(former.length) : address;
  for (const server of resourceServers.values()) {
    if (server.is_system) server.identifier = moved(server.identifier);
  }
  for (const grant of clientGrants.values()) grant.audience = moved(grant.audience);
  // The application may have been deleted; without it, there would be no access any more.
  return clients.get(stored.managementClientId) ?? addManagementClient(context);
}
