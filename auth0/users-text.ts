import { UsageError } from "../lib/errors.ts";
import { MalformedText, utf8Check, utf8Chunks } from "../lib/text-encoding.ts";

/** The text of a users' file: the rules for how it may be written, the same for every command that reads one. */
export interface UsersText {
  /**
   * A user as a JSON object on each line, in UTF-8.
   *
   * @throws UsageError `users-file-invalid`, or `users-file-unreadable` for a file that breaks off. All lines before the
   *   fault are given out first, so that an earlier fault is the one that is told.
   */
  readonly lines: AsyncGenerator<Uint8Array, void, undefined>;
  /** The error for one of `lines`, which count from 1, empty ones too. */
  readonly fault: (line: number, why: string) => UsageError;
}

/** 16 MiB: Auth0 keeps 16 MB of metadata of a user at most. Tried: more would be too much for a process that compares logins. */
export const longestLineBytes = 1 << 24;

/**
 * Reads a users' file's text: JSON lines, or JSON arrays of users written in whatever way. Constant memory.
 *
 * @param name For people: the file's name, or "standard input".
 * @param plain The file's bytes, unpacked: UTF-8 or UTF-16. They are changed in place.
 */
export function readUsersText(name: string, plain: AsyncIterable<Uint8Array>): UsersText {
  const form: Form = { isArray: undefined };
  const fault = (line: number, why: string) =>
    invalid(`${form.isArray === true ? "User" : "Line"} ${line} of ${name} ${why}.`);
  return { lines: checkedLines(asLines(plain, name, form), name, fault), fault };
}

/** Undefined until the first character that is not white space. */
interface Form {
  isArray: boolean | undefined;
}

const lineFeed = 0x0a;

/** The array's users each on a line; JSON lines as they are. */
async function* asLines(
  plain: AsyncIterable<Uint8Array>,
  name: string,
  form: Form,
): AsyncGenerator<Uint8Array, void, undefined> {
  const array = arraySplitter();
  for await (const chunk of utf8Chunks(plain)) {
    form.isArray ??= beginsArray(chunk);
    if (form.isArray !== true) {
      yield chunk;
      continue;
    }
    const end = array.split(chunk);
    yield chunk.subarray(0, end);
    if (end < chunk.length) throw invalid(`${name} holds something else after its array of users.`);
  }
  if (array.isOpen()) throw unreadable(name, "its array of users breaks off");
}

/** Undefined where the chunk says nothing of it. */
function beginsArray(chunk: Uint8Array): boolean | undefined {
  const first = chunk.find((byte) => !isBlank(byte));
  return first === undefined ? undefined : first === 0x5b;
}

/** White space of JSON, and the bytes of a byte order mark, which may stand behind white space. */
const blanks = Buffer.from(" \t\r\n\uFEFF");

function isBlank(byte: number): boolean {
  return blanks.includes(byte);
}

interface ArraySplitter {
  /** Puts each user on a line, in place. @returns how much of the chunk belongs to arrays. */
  readonly split: (chunk: Uint8Array) => number;
  readonly isOpen: () => boolean;
}

/** Takes several arrays one after the other, too. What is not JSON in a user stays so. */
function arraySplitter(): ArraySplitter {
  let depth = 0;
  let isString = false;
  let isEscaped = false;
  /** What becomes of a byte outside of strings. */
  const placed = (byte: number): number => {
    switch (byte) {
      case 0x22: // "
        isString = true;
        return byte;
      case 0x5b: // [
      case 0x7b: // {
        depth += 1;
        return depth === 1 ? 0x20 : byte;
      case 0x5d: // ]
        depth -= 1;
        return depth === 0 ? lineFeed : byte;
      case 0x7d: // }
        if (depth > 1) depth -= 1;
        return byte;
      case 0x2c: // ,
        return depth === 1 ? lineFeed : byte;
      default:
        return withoutBreak(byte);
    }
  };
  const placedInString = (byte: number): number => {
    if (isEscaped) isEscaped = false;
    else if (byte === 0x5c) isEscaped = true;
    else if (byte === 0x22) isString = false;
    return withoutBreak(byte);
  };
  return {
    split: (chunk) => {
      let index = 0;
      for (const byte of chunk) {
        if (depth === 0 && byte !== 0x5b && !isBlank(byte)) return index;
        if (depth === 0 && byte !== 0x5b) chunk[index] = 0x20;
        else chunk[index] = isString ? placedInString(byte) : placed(byte);
        index += 1;
      }
      return index;
    },
    isOpen: () => depth > 0,
  };
}

/** A tab, which JSON takes where it takes a line break and nowhere else. */
function withoutBreak(byte: number): number {
  return byte === lineFeed ? 0x09 : byte;
}

/** Stops at the first line that is not UTF-8 or too long. */
async function* checkedLines(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  fault: UsersText["fault"],
): AsyncGenerator<Uint8Array, void, undefined> {
  const encoding = utf8Check();
  let line = 1;
  let length = 0;
  try {
    for await (const chunk of chunks) {
      const faulty = encoding.check(chunk);
      const good = faulty === undefined ? chunk : chunk.subarray(0, faulty.start);
      for (let start = 0; start <= good.length;) {
        const found = good.indexOf(lineFeed, start);
        const end = found === -1 ? good.length : found;
        length += end - start;
        if (length > longestLineBytes) {
          yield good.subarray(0, start);
          throw fault(line, `is longer than 16 MiB, which no user is`);
        }
        if (found !== -1) {
          line += 1;
          length = 0;
        }
        start = end + 1;
      }
      yield good;
      if (faulty !== undefined) throw fault(line, faulty.why);
    }
  } catch (error) {
    throw error instanceof MalformedText ? fault(line, error.message) : error;
  }
  if (encoding.isWithin()) throw unreadable(name, "it breaks off in the middle of a character");
}

function invalid(what: string): UsageError {
  const message =
    `${what} --users takes the file of an export job in format json: a user as a JSON object on each line, or an array of ` +
    "users; in UTF-8 or UTF-16, packed by gzip or not.";
  return new UsageError("users-file-invalid", message);
}

/** @param why What stands in the way: "there is no such file". */
export function unreadable(name: string, why: string, cause?: unknown): UsageError {
  const message = `The users' file ${name} cannot be read: ${why}. Check its name, or take the export again.`;
  return new UsageError("users-file-unreadable", message, { cause });
}
