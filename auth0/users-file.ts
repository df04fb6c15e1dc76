import { accessSync, constants, read, statSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { resolve } from "node:path";
import { StringDecoder } from "node:string_decoder";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { createGunzip } from "node:zlib";
import { callerFolder } from "../lib/environment.ts";
import type { ExpectedError } from "../lib/errors.ts";
import { withHead } from "../lib/text-encoding.ts";
import { readUserLine } from "./user-line.ts";
import type { User } from "./user.ts";
import { readUsersText, unreadable } from "./users-text.ts";

/** Users as they are read. */
export interface UserSource {
  /** A user as a JSON object on each line, unpacked. To be read once; a chunk is gone when the next one is asked for. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** How much of the whole was read so far, from 0 to 1; undefined where the whole is not known. */
  readonly share: () => number | undefined;
  /**
   * The error for a line of `bytes`.
   *
   * @param line From 1; empty lines count.
   * @param why What is wrong with it, as in "has no user_id". What it holds is not shown: it is somebody's profile.
   */
  readonly fault: (line: number, why: string) => ExpectedError;
}

/**
 * Opens a file of users, such as an export job gives: `--users` of every command that has it. All that is wrong with it is a
 * wrong option, exit code 3, whenever it is found. Constant memory.
 *
 * @param file A path, relative to where the command was typed; `-` for standard input.
 * @throws UsageError `users-file-unreadable` where there is no such file; that or `users-file-invalid` later, while it is read.
 */
export function openUsersFile(file: string, input: AsyncIterable<Uint8Array> = chunksOf(0)): UserSource {
  if (file === "-") return { ...usersFrom("standard input", input), share: () => undefined };
  const path = resolve(callerFolder(), file);
  const size = sizeOf(path, file);
  let done = 0;
  const count = (bytes: number): void => {
    done += bytes;
  };
  return {
    ...usersFrom(file, chunksOf(path, count)),
    share: () => (size === 0 ? undefined : Math.min(done / size, 1)),
  };
}

/** One user after the other. @throws what `bytes` throws, or the source's error for a line that is no user. */
export async function* usersIn({ bytes, fault }: UserSource): AsyncGenerator<User, void, undefined> {
  let number = 0;
  for await (const lines of linesOf(bytes)) {
    for (const line of lines) {
      number += 1;
      if (line.trim() !== "") yield userOf(line, (why) => fault(number, why));
    }
  }
}

function userOf(line: string, fault: (why: string) => ExpectedError): User {
  try {
    return readUserLine(line);
  } catch (error) {
    throw fault((error as Error).message);
  }
}

/** By the bunch, since a million more steps through a generator would cost more than the reading. */
export async function* linesOf(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly string[], void, undefined> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of bytes) {
    const text = decoder.write(chunk);
    const end = text.lastIndexOf("\n");
    if (end === -1) {
      rest += text;
      continue;
    }
    yield (rest + text.slice(0, end)).split("\n");
    rest = text.slice(end + 1);
  }
  yield [rest + decoder.end()];
}

/** Of a pipe, 0. */
function sizeOf(path: string, file: string): number {
  try {
    accessSync(path, constants.R_OK);
  } catch (cause) {
    const { code = "" } = cause as NodeJS.ErrnoException;
    throw unreadable(
      file,
      code === "ENOENT" ? "there is no such file" : `it may not be read (${code})`,
      cause,
    );
  }
  const found = statSync(path);
  if (found.isDirectory()) throw unreadable(file, "it is a folder");
  return found.size;
}

function usersFrom(name: string, chunks: AsyncIterable<Uint8Array>): Pick<UserSource, "bytes" | "fault"> {
  const { lines, fault } = readUsersText(name, plainBytes(name, chunks));
  return { bytes: lines, fault };
}

/** Unpacks what begins like gzip. */
async function* plainBytes(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const all = withHead(chunks, 2);
  try {
    const first = await all.next();
    if (first.done === true) return;
    const whole = joined(first.value, all);
    yield* first.value[0] === 0x1f && first.value[1] === 0x8b ? unpacked(whole) : whole;
  } catch (cause) {
    throw unreadable(name, cause instanceof Error ? cause.message : String(cause), cause);
  } finally {
    await all.return();
  }
}

async function* joined(
  head: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield head;
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

const chunkBytes = 1 << 17;

const readInto = promisify(read);

/**
 * Into two buffers in turn: the next chunk is read while the receiver works on one, which is its own until it asks for the next. A
 * stream's chunks would wait for the garbage collector, and memory would grow with the file up to the point where it runs.
 */
async function* chunksOf(
  source: string | 0,
  count: (bytes: number) => void = () => undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  let [buffer, other] = [Buffer.allocUnsafeSlow(chunkBytes), Buffer.allocUnsafeSlow(chunkBytes)];
  let file: FileHandle | undefined;
  let reading: Promise<number> | undefined;
  try {
    file = source === 0 ? undefined : await open(source);
    const descriptor = file?.fd ?? 0;
    reading = readSome(descriptor, buffer);
    for (;;) {
      const bytesRead = await reading;
      if (bytesRead === 0) return;
      reading = readSome(descriptor, other);
      // It is waited for by the next turn, or in the end.
      reading.catch(() => undefined);
      count(bytesRead);
      yield buffer.subarray(0, bytesRead);
      [buffer, other] = [other, buffer];
    }
  } finally {
    // Not what is still to come of a pipe: nobody may ever write to it.
    if (file !== undefined) await reading?.catch(() => undefined);
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
