import { once } from "node:events";
import { open } from "node:fs/promises";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { createGunzip, type Gunzip } from "node:zlib";
import { callerFolder } from "../../infra/caller-folder.ts";
import { ExpectedError } from "../../infra/expected-error.ts";
import { readUser, type User } from "./user.ts";

/** An export of users that somebody took before: a JSON object a line, packed by gzip or not. */
export interface UsersFile {
  /**
   * One after the other; a few hundred kB of the file are in memory at a time.
   *
   * @throws ExpectedError `users-file-unreadable`, or `users-file-invalid` naming the line.
   */
  readonly users: AsyncGenerator<User, void, undefined>;
  /** How much of the file is read, from 0 to 1; undefined where nobody knows how long it is. */
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
    throw invalid(name, number, "is no user: a JSON object with user_id", cause);
  }
}

/** What the line holds is not shown: it is somebody's profile. */
function invalid(name: string, number: number, why: string, cause?: unknown): ExpectedError {
  const message =
    `Line ${number} of ${name} ${why}. Give the file of an export job in format json ` +
    "(one user a line, packed by gzip or not).";
  return new ExpectedError("users-file-invalid", message, { cause });
}

function unreadable(name: string, cause: unknown): ExpectedError {
  const { code = "it breaks off" } = Object(cause) as { code?: string };
  const message = `The users' file ${name} cannot be read (${code}). Check its name, or take the export again.`;
  return new ExpectedError("users-file-unreadable", message, { cause });
}
