import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { replaceFile } from "../../lib/durable-file.ts";
import { claimRun } from "../../local/processes/claim-run.ts";
import { encodeState, readStoredTenant, storedFormat, type StoredTenant } from "./read-stored-tenant.ts";

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
 * @throws ExpectedError `already-running` where a living process has it, `data-unreadable` where its file is damaged.
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
    // With the tenant's private key.
    await replaceFile(file, content, { mode: 0o600 });
    written = content;
  };
}

/** One writer for many who want to have something written. */
export interface CoalescedSave {
  /** Resolves once all that was true at the call is written; rejects where that write failed. */
  save: () => Promise<void>;
  /** Writes within `delayMs` and never rejects: for what may get lost. */
  saveSoon: () => void;
  /** Writes what is left. Nothing is written after it. */
  close: () => Promise<void>;
}

/**
 * Lets calls share writes: while one write goes on, all that call wait for one more, which starts after it. `write` takes
 * its look at what is to be written before it first waits. `onError` is called for failed writes that no caller awaits.
 */
export function coalescedSave(
  write: () => Promise<void>,
  { delayMs, onError }: { delayMs: number; onError: (cause: unknown) => void },
): CoalescedSave {
  let current: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const start = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const started = write().finally(() => {
      if (current === started) current = undefined;
    });
    current = started;
    return started;
  };
  const startNext = (): Promise<void> => {
    next = undefined;
    return start();
  };
  const save = (): Promise<void> => {
    if (closed) return Promise.resolve();
    if (current === undefined) return start();
    // The next write is worth its try whether or not this one succeeds.
    next ??= current.then(startNext, startNext);
    return next;
  };
  return {
    save,
    saveSoon: () => {
      if (closed) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        save().catch(onError);
      }, delayMs).unref();
    },
    close: async () => {
      const last = save();
      closed = true;
      clearTimeout(timer);
      await last;
    },
  };
}

const readMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Answers a request that may have changed something only once the change is on the disk; where it cannot be written the
 * answer is 500. Reads and logins do not wait: what they change (a build's progress, a user's count) is written soon after.
 */
export function saveAnsweredWrites(app: FastifyInstance, data: CoalescedSave): void {
  app.addHook("onSend", async (request, reply) => {
    const isWrite = !readMethods.has(request.method) && !request.url.startsWith("/oauth/token");
    if (isWrite && reply.statusCode < 400) await data.save();
  });
  app.addHook("onResponse", (_request, _reply, done) => {
    data.saveSoon();
    done();
  });
}
