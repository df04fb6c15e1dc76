import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { claimRun } from "../../processes/claim-run.ts";
import type { CoalescedSave } from "./coalesced-save.ts";
import { coalescedSave } from "./coalesced-save.ts";
import type { StoredTenant } from "./read-stored-tenant.ts";
import { readStoredTenant, storedFormat } from "./read-stored-tenant.ts";
import { encodeState } from "./state-encoding.ts";
import { writeDurably } from "./write-durably.ts";

/** The folder in which one tenant outlives its process. */
export interface TenantData {
  /** What lies there; undefined for a new folder. */
  stored: StoredTenant | undefined;
  /** From now on the folder is kept in step with this tenant. */
  keep: (tenant: StoredTenant) => CoalescedSave;
  /** Gives the folder to the next process; only after the {@link CoalescedSave} was closed. */
  release: () => void;
}

/**
 * How long what a login changes about its user (counts, metadata of Actions) may wait to be written, in milliseconds. So
 * hundreds of logins share one write; the last ones are lost with `kill -9`.
 */
const loginDelayMs = 1000;

/**
 * Claims the folder, makes it where it is missing, and reads the tenant in it.
 *
 * @throws LocalError `already-running` where a living process has it, `data-unreadable` where its file is damaged.
 */
export async function openTenantData(folder: string, log: (line: string) => void): Promise<TenantData> {
  const file = join(folder, "tenant.json");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const claim = await claimRun(folder);
  try {
    return {
      stored: await readStoredTenant(file),
      keep: (tenant) =>
        coalescedSave(createWriter(file, tenant), {
          delayMs: loginDelayMs,
          onError: (cause) => {
            log(`The tenant's data could not be written: ${String(cause)}`);
          },
        }),
      release: () => {
        claim.release();
      },
    };
  } catch (error) {
    claim.release();
    throw error;
  }
}

/** Writes the tenant as it is at the call; nothing where that is what was written last. */
function createWriter(file: string, tenant: StoredTenant): () => Promise<void> {
  let written: string | undefined;
  return async () => {
    const content = JSON.stringify({ format: storedFormat, ...tenant, state: encodeState(tenant.state) });
    if (content === written) return;
    await writeDurably(file, content);
    written = content;
  };
}
