import { existsSync, read, statSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { createGunzip } from "node:zlib";
import { callerFolder } from "../../infra/caller-folder.ts";
import { ExpectedError } from "../../infra/expected-error.ts";
import { UsageError } from "../usage-error.ts";

/** Users as they are read. */
export interface UserSource {
  /** Newline-delimited JSON, unpacked. To be read once; a chunk is gone when the next one is asked for. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** How much of the whole was read so far, from 0 to 1; undefined where the whole is not known. */
  readonly share: () => number | undefined;
}

const chunkBytes = 1 << 17;

/**
 * The users of an export's file, gzip or not.
 *
 * @param file A path, or `-` for standard input.
 * @throws UsageError `users-unreadable` where there is no such file; ExpectedError of the same code later, where reading fails.
 */
export function userFile(file: string): UserSource {
  if (file === "-") return { bytes: plainBytes(chunksOf(0)), share: () => undefined };
  const path = resolve(callerFolder(), file);
  if (!existsSync(path) || statSync(path).isDirectory()) {
    throw new UsageError("users-unreadable", `--users ${file}: there is no such file.`);
  }
  const { size } = statSync(path);
  let done = 0;
  const count = (bytes: number): void => {
    done += bytes;
  };
  return {
    bytes: plainBytes(chunksOf(path, count)),
    share: () => (size === 0 ? undefined : Math.min(done / size, 1)),
  };
}

const readInto = promisify(read);

/**
 * Into one buffer, again and again: a stream's chunks would wait for the garbage collector, and memory would grow with the
 * file up to the point where it runs.
 */
async function* chunksOf(
  source: string | 0,
  count: (bytes: number) => void = () => undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const buffer = Buffer.allocUnsafeSlow(chunkBytes);
  let file: FileHandle | undefined;
  try {
    file = source === 0 ? undefined : await open(source);
    const descriptor = file?.fd ?? 0;
    for (;;) {
      const bytesRead = await readSome(descriptor, buffer);
      if (bytesRead === 0) return;
      count(bytesRead);
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file?.close();
  }
}

/** 0 at the end. */
async function readSome(descriptor: number, buffer: Buffer): Promise<number> {
  for (;;) {
    try {
      return (await readInto(descriptor, buffer, 0, buffer.length, null)).bytesRead;
    } catch (error) {
      // Standard input may be a pipe that does not wait, where whoever writes to it made it so.
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      await sleep(10);
    }
  }
}

/** Unpacks what begins like gzip. */
async function* plainBytes(
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    const first = await firstBytes(chunks);
    const all = joined(first, chunks);
    yield* first[0] === 0x1f && first[1] === 0x8b ? unpacked(all) : all;
  } catch (cause) {
    if (cause instanceof ExpectedError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `The users' file cannot be read to its end: ${why}.`;
    throw new ExpectedError("users-unreadable", message, { cause });
  } finally {
    await chunks.return();
  }
}

/** The first two bytes tell gzip; a pipe may give them one by one. */
async function firstBytes(chunks: AsyncIterator<Uint8Array, void>): Promise<Uint8Array> {
  let bytes: Uint8Array = new Uint8Array();
  while (bytes.length < 2) {
    const next = await chunks.next();
    if (next.done === true) break;
    bytes = Buffer.concat([bytes, next.value]);
  }
  return bytes;
}

async function* joined(
  first: Uint8Array,
  rest: AsyncGenerator<Uint8Array, void, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (first.length > 0) yield first;
  yield* rest;
}

async function* unpacked(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const gunzip = createGunzip({ chunkSize: chunkBytes });
  const write = async (): Promise<void> => {
    for await (const chunk of packed) {
      // One after the other: the next chunk is in the same buffer.
      await new Promise<void>((resolve, reject) => {
        gunzip.write(chunk, (error) => (error ? reject(error) : resolve()));
      });
    }
    gunzip.end();
  };
  const writing = write().catch((error: unknown) => gunzip.destroy(error as Error));
  try {
    yield* gunzip as AsyncIterable<Uint8Array>;
    await writing;
  } finally {
    gunzip.destroy();
  }
}
