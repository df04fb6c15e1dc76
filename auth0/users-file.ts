import { once } from "node:events";
import { existsSync, read, statSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { createGunzip, type Gunzip } from "node:zlib";
import { callerFolder } from "../lib/environment.ts";
import { ExpectedError, UsageError } from "../lib/errors.ts";
import { readUser, type User } from "./user.ts";

/** An export of users that was made before: one JSON object per line, gzipped or not. */
export interface UsersFile {
  /**
   * One after the other; a few hundred kB of the file are in memory at a time.
   *
   * @throws ExpectedError `users-file-unreadable`, or `users-file-invalid` naming the line.
   */
  readonly users: AsyncGenerator<User, void, undefined>;
  /** How much of the file is read, from 0 to 1; undefined if its length is unknown. */
  readonly share: () => number | undefined;
}

/** In characters. Auth0 keeps 16 MB of metadata of a user at most. */
const longestLine = 40_000_000;

/**
 * Opens a file of users, such as an export job gives.
 *
 * @param name Relative to where the command was typed; `-` for standard input.
 * @throws ExpectedError `users-file-unreadable`.
 */
export async function openUsersFile(name: string, input: Readable = process.stdin): Promise<UsersFile> {
  if (name === "-") return { users: readUsers(input, "standard input"), share: () => undefined };
  try {
    const file = await open(resolve(callerFolder(), name));
    const { size } = await file.stat();
    const stream = file.createReadStream({ highWaterMark: 64 * 1024 });
    const share = () => (size === 0 ? undefined : Math.min(stream.bytesRead / size, 1));
    return { users: readUsers(stream, name), share };
  } catch (cause) {
    throw unreadable(name, cause);
  }
}

async function* readUsers(source: Readable, name: string): AsyncGenerator<User, void, undefined> {
  let number = 0;
  for await (const lines of bunchesOfLines(source, name)) {
    for (const line of lines) {
      number += 1;
      if (line.trim() !== "") yield readLine(line, name, number);
    }
  }
}

/** By the bunch, since a million more steps through a generator would cost more than the reading. */
async function* bunchesOfLines(
  source: Readable,
  name: string,
): AsyncGenerator<readonly string[], void, undefined> {
  let rest = "";
  let before = 0;
  for await (const text of textOf(source, name)) {
    const end = text.lastIndexOf("\n");
    if (end === -1) rest += text;
    else {
      const lines = (rest + text.slice(0, end)).split("\n");
      rest = text.slice(end + 1);
      before += lines.length;
      yield lines;
    }
    if (rest.length > longestLine) throw invalid(name, before + 1, "is too long for a user");
  }
  yield [rest];
}

async function* textOf(source: Readable, name: string): AsyncGenerator<string, void, undefined> {
  const streams: (Readable | Gunzip)[] = [source];
  try {
    if (await isPacked(source)) {
      const unpacked = createGunzip();
      streams.unshift(source.on("error", (error) => unpacked.destroy(error)).pipe(unpacked));
    }
    yield* (streams[0] ?? source).setEncoding("utf8") as AsyncIterable<string>;
  } catch (cause) {
    throw unreadable(name, cause);
  } finally {
    for (const stream of streams) stream.destroy();
  }
}

/** By its first bytes, which stay in the stream. */
async function isPacked(source: Readable): Promise<boolean> {
  await once(source, "readable");
  const head = source.read() as Buffer | null;
  if (head === null) return false;
  source.unshift(head);
  return head[0] === 0x1f && head[1] === 0x8b;
}

function readLine(line: string, name: string, number: number): User {
  try {
    // Trimming takes a byte order mark away, too.
    return readUser(JSON.parse(line.trim()));
  } catch (cause) {
    throw invalid(name, number, "is not a user: a JSON object with user_id", cause);
  }
}

/** The line's content is not shown: it is a user's profile. */
function invalid(name: string, number: number, why: string, cause?: unknown): ExpectedError {
  const message =
    `Line ${number} of ${name} ${why}. Use the file of an export job in format json ` +
    "(one user per line, gzipped or not).";
  return new ExpectedError("users-file-invalid", message, { cause });
}

function unreadable(name: string, cause: unknown): ExpectedError {
  const { code = "it is incomplete" } = Object(cause) as { code?: string };
  const message = `The users' file ${name} cannot be read (${code}). Check its name, or make the export again.`;
  return new ExpectedError("users-file-unreadable", message, { cause });
}

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
      // Standard input may be a pipe that does not wait, if the writing process made it so.
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
