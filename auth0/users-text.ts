import { isUtf8 } from "node:buffer";
import { UsageError } from "../lib/errors.ts";

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
 * @param plain The file's bytes, unpacked. They are changed in place.
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
  let isStart = true;
  for await (const chunk of withHead(plain)) {
    if (isStart) refuseWideText(chunk, name);
    isStart = false;
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

/** The same bytes, the first two of them together. */
export async function* withHead(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let head: Uint8Array | undefined = new Uint8Array();
  for await (const chunk of chunks) {
    if (head === undefined) yield chunk;
    else {
      head = Buffer.concat([head, chunk]);
      if (head.length < 2) continue;
      yield head;
      head = undefined;
    }
  }
  if (head !== undefined && head.length > 0) yield head;
}

/** JSON begins with ASCII, so that its first two bytes tell UTF-16, with or without a byte order mark (RFC 4627, section 3). */
function refuseWideText([first, second]: Uint8Array, name: string): void {
  if (second === undefined) return;
  const isLittle = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0);
  const isBig = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0);
  if (!isLittle && !isBig) return;
  const encoding = isLittle ? "UTF-16LE" : "UTF-16BE";
  throw invalid(`${name} is ${encoding}, as PowerShell writes files. ${conversion(encoding)}.`);
}

function conversion(from: string): string {
  return `Convert it to UTF-8: iconv -f ${from} -t UTF-8 FILE > NEW-FILE`;
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
  if (encoding.isWithin()) throw unreadable(name, "it breaks off in the middle of a character");
}

interface Utf8Check {
  /** @returns the first line that is not UTF-8: where it begins in the chunk (0 for one that began before), and what it looks like. */
  readonly check: (chunk: Uint8Array) => { readonly start: number; readonly why: string } | undefined;
  /** Whether a character has begun and not ended. */
  readonly isWithin: () => boolean;
}

function utf8Check(): Utf8Check {
  let begun = Buffer.alloc(0);
  return {
    check: (chunk) => {
      const bytes = begun.length === 0 ? chunk : Buffer.concat([begun, chunk]);
      const end = bytes.length - unfinishedBytes(bytes);
      if (!isUtf8(bytes.subarray(0, end))) {
        const { start, text } = firstFaultyLine(bytes.subarray(0, end));
        return { start: Math.max(start - begun.length, 0), why: `is not UTF-8; ${guess(text)}` };
      }
      // Whoever gives the chunk uses its memory again.
      begun = Buffer.from(bytes.subarray(end));
      return undefined;
    },
    isWithin: () => begun.length > 0,
  };
}

/** How many bytes at the end begin a character that is longer: by their first one, which tells its length. */
function unfinishedBytes(bytes: Uint8Array): number {
  for (let count = 1; count <= Math.min(3, bytes.length); count += 1) {
    const byte = bytes[bytes.length - count] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return count < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? count : 0;
  }
  return 0;
}

function firstFaultyLine(bytes: Uint8Array): { readonly start: number; readonly text: Uint8Array } {
  for (let start = 0; ;) {
    const found = bytes.indexOf(lineFeed, start);
    const text = bytes.subarray(start, found === -1 ? bytes.length : found);
    if (found === -1 || !isUtf8(text)) return { start, text };
    start = found + 1;
  }
}

/** From the bytes that no UTF-8 is made of. 80 to 9F are letters and quotes in windows-1252 and control characters in Latin-1. */
function guess(line: Uint8Array): string {
  const text = Buffer.from(line).toString("latin1");
  if (/[\0-\x08\x0e-\x1f]/.test(text))
    return "it looks like no text at all. If it is packed, unpack it first";
  const foreign = text.replace(
    /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}/g,
    "",
  );
  const looks = /[\x80-\x9f]/.test(foreign) ? "windows-1252" : "Latin-1 (ISO-8859-1)";
  return `it looks like ${looks}. ${conversion("WINDOWS-1252")}`;
}

function invalid(what: string): UsageError {
  const message =
    `${what} --users takes the file of an export job in format json: a user as a JSON object on each line, or an array of ` +
    "users; in UTF-8, packed by gzip or not.";
  return new UsageError("users-file-invalid", message);
}

/** @param why What stands in the way: "there is no such file". */
export function unreadable(name: string, why: string, cause?: unknown): UsageError {
  const message = `The users' file ${name} cannot be read: ${why}. Check its name, or take the export again.`;
  return new UsageError("users-file-unreadable", message, { cause });
}
