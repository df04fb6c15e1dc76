import { createReadStream, existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { callerFolder } from "../../infra/caller-folder.ts";
import { ExpectedError } from "../../infra/expected-error.ts";
import { UsageError } from "../usage-error.ts";

/** Users as they are read. */
export interface UserSource {
  /** Newline-delimited JSON, unpacked. To be read once. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** How much of the whole was read so far, from 0 to 1; undefined where the whole is not known. */
  readonly share: () => number | undefined;
}

/** Large enough that reading costs little, small enough that memory does not show it. */
const chunkBytes = 1 << 17;

/**
 * The users of an export's file, gzip or not.
 *
 * @param file A path, or `-` for standard input.
 * @throws UsageError `users-unreadable` where there is no such file; ExpectedError of the same code later, where reading fails.
 */
export function userFile(file: string): UserSource {
  if (file === "-") return { bytes: plainBytes(process.stdin), share: () => undefined };
  const path = resolve(callerFolder(), file);
  if (!existsSync(path) || statSync(path).isDirectory()) {
    throw new UsageError("users-unreadable", `--users ${file}: there is no such file.`);
  }
  const { size } = statSync(path);
  const stream = createReadStream(path, { highWaterMark: chunkBytes });
  return { bytes: plainBytes(stream), share: () => (size === 0 ? 1 : stream.bytesRead / size) };
}

/** Unpacks what begins like gzip. */
async function* plainBytes(source: Readable): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    const first = await firstBytes(chunks);
    const all = { [Symbol.asyncIterator]: () => joined(first, chunks) };
    yield* first[0] === 0x1f && first[1] === 0x8b ? unpacked(all) : all;
  } catch (cause) {
    if (cause instanceof ExpectedError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ExpectedError("users-unreadable", `The users' file cannot be read to its end: ${why}.`, {
      cause,
    });
  } finally {
    source.destroy();
  }
}

/** The first two bytes tell gzip; a pipe may give them one by one. */
async function firstBytes(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let bytes = new Uint8Array();
  while (bytes.length < 2) {
    const { done, value } = await chunks.next();
    if (done === true) break;
    bytes = Buffer.concat([bytes, value]);
  }
  return bytes;
}

async function* joined(
  first: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (first.length > 0) yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** The bytes of a gzip stream. */
export async function* unpacked(
  packed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const source = Readable.from(packed, { objectMode: false, highWaterMark: chunkBytes });
  const gunzip = createGunzip({ chunkSize: chunkBytes });
  source.on("error", (error) => gunzip.destroy(error)).pipe(gunzip);
  try {
    yield* gunzip as AsyncIterable<Uint8Array>;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}
