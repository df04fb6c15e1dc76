import { randomBytes } from "node:crypto";
import { closeSync, fchmodSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from "node:fs";
import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isPidInUse } from "./process-identity.ts";
import { writeAll } from "./write-all.ts";

export interface ReplaceOptions {
  /** The file's mode, whatever the umask is; without it, what the umask leaves of 0666. */
  readonly mode?: number;
  /** Whether the new content survives a power cut once the call is over (the default). Without it nothing waits for the disk. */
  readonly durable?: boolean;
}

/**
 * Replaces a file, or makes it. A reader, even after `kill -9` or a power cut, finds the former content or the new one,
 * whole. Where it fails, the former content stays.
 *
 * @throws What the system says, such as ENOSPC.
 */
export async function replaceFile(
  file: string,
  content: string,
  { mode, durable = true }: ReplaceOptions = {},
): Promise<void> {
  const draft = draftOf(file);
  try {
    const handle = await open(draft, "wx", mode);
    try {
      if (mode !== undefined) await handle.chmod(mode);
      await writeAllTo(handle, Buffer.from(content));
      if (durable) await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    // Whatever keeps the draft there has less to say than the error itself.
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
  if (durable) await syncFolder(dirname(file));
}

/** {@link replaceFile}, for who cannot wait. */
export function replaceFileSync(file: string, content: string, options: ReplaceOptions = {}): void {
  const replacement = openReplacement(file, options);
  try {
    replacement.write(content);
    replacement.finish();
  } finally {
    replacement.drop();
  }
}

/** A file's new content, piece by piece. */
export interface Replacement {
  readonly write: (text: string) => void;
  /** Puts it in the file's place; until then the former content stays there. */
  readonly finish: () => void;
  /** Leaves nothing of one that is not finished; does nothing for one that is. */
  readonly drop: () => void;
}

/** {@link replaceFileSync}, for what is not in memory as a whole. Its functions throw what the system says. */
export function openReplacement(file: string, { mode, durable = true }: ReplaceOptions = {}): Replacement {
  const draft = draftOf(file);
  const descriptor = openSync(draft, "wx", mode);
  let state: "open" | "closed" | "done" = "open";
  const close = () => {
    if (state !== "open") return;
    state = "closed";
    closeSync(descriptor);
  };
  const drop = () => {
    if (state === "done") return;
    try {
      close();
      rmSync(draft, { force: true });
    } catch {
      // What went wrong before has been said, and says more.
    }
  };
  try {
    if (mode !== undefined) fchmodSync(descriptor, mode);
  } catch (error) {
    drop();
    throw error;
  }
  return {
    write: (text) => {
      writeAll(descriptor, Buffer.from(text));
    },
    finish: () => {
      if (durable) fsyncSync(descriptor);
      close();
      renameSync(draft, file);
      state = "done";
      if (durable) syncFolderSync(dirname(file));
    },
    drop,
  };
}

async function writeAllTo(handle: FileHandle, bytes: Buffer): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += (await handle.write(bytes, written, bytes.length - written)).bytesWritten;
  }
}

/** Removes the drafts of a file that killed processes left beside it. */
export function removeLeftDrafts(file: string): void {
  const start = `${basename(file)}.`;
  for (const name of readdirSync(dirname(file))) {
    const pid = name.startsWith(start) ? draftPattern.exec(name.slice(start.length))?.[1] : undefined;
    if (pid !== undefined && !isPidInUse(Number(pid))) rmSync(join(dirname(file), name), { force: true });
  }
}

const draftPattern = /^(\d+)-[0-9a-f]{16}\.new$/;

/** A name that cannot be guessed, so that neither a link nor another writer's draft is there; it says whose it is. */
function draftOf(file: string): string {
  return `${file}.${process.pid}-${randomBytes(8).toString("hex")}.new`;
}

/** A rename is durable only with its folder. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    throwUnlessRefused(error);
  }
}

function syncFolderSync(folder: string): void {
  try {
    const descriptor = openSync(folder, "r");
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throwUnlessRefused(error);
  }
}

/** Some file systems cannot sync a folder, and a folder that may be written need not be readable: no more can be done there. */
function throwUnlessRefused(error: unknown): void {
  const code = String((error as NodeJS.ErrnoException).code);
  if (!["EINVAL", "ENOTSUP", "EBADF", "EACCES", "EPERM"].includes(code)) throw error;
}
