import { readFile, rm } from "node:fs/promises";
import type { JWK } from "jose";
import { LocalError } from "../../processes/local-error.ts";
import { isJsonObject } from "../state/json.ts";
import type { TenantState } from "../state/tenant-state.ts";
import { createTenantState } from "../state/tenant-state.ts";
import { decodeState } from "./state-encoding.ts";
import { draftOf } from "./write-durably.ts";

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
 * @throws LocalError `data-unreadable`: the file is none of ours, of another version or damaged.
 */
export async function readStoredTenant(file: string): Promise<StoredTenant | undefined> {
  await rm(draftOf(file), { force: true });
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
    throw unreadable(file, "it is no JSON", cause);
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

function unreadable(file: string, problem: string, cause?: unknown): LocalError {
  return new LocalError(
    "data-unreadable",
    `The tenant's data in ${file} cannot be used: ${problem}. Move the file away to start with an empty tenant, or give another folder.`,
    cause === undefined ? {} : { cause },
  );
}
