import { isUtf8 } from "node:buffer";

/**
 * Bytes that are not the text that they should be. The message tells only what is wrong and how to convert it, as in "is not UTF-8;
 * it looks like windows-1252. Convert it …" (`decodeText` puts the line before it): the text itself may be somebody's profile.
 */
export class MalformedText extends Error {}

/** A line that is not UTF-8. */
export interface TextFault {
  /** From 1. */
  readonly line: number;
  /** As `MalformedText` says it. */
  readonly why: string;
}

const breaksOff = "breaks off in the middle of a character";

/**
 * The text of a small file that people wrote: UTF-8 or UTF-16, without the byte order marks that it begins with.
 *
 * @throws MalformedText whose message begins with the line.
 */
export function decodeText(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  if (encoding !== "UTF-8") return withoutMarks(decodedWideText(bytes, encoding));
  const check = utf8Check();
  const faulty = check.check(bytes);
  if (faulty !== undefined || check.isWithin()) {
    const line = 1 + lineFeedsIn(bytes.subarray(0, faulty?.start));
    throw new MalformedText(`line ${line} ${faulty?.why ?? breaksOff}`);
  }
  return withoutMarks(Buffer.from(bytes).toString("utf8"));
}

function decodedWideText(bytes: Uint8Array, encoding: WideEncoding): string {
  const decoder = wideDecoder(encoding);
  const { text, why = decoder.isWithin() ? breaksOff : undefined } = decoder.decode(bytes);
  if (why === undefined) return text;
  throw new MalformedText(`line ${1 + lineFeedsIn(Buffer.from(text))} ${why}`);
}

function withoutMarks(text: string): string {
  return text.replace(/^\uFEFF+/, "");
}

/**
 * A text in UTF-8, up to the first line that is not: what is given out is whole but for the part of that line that came in an
 * earlier chunk.
 *
 * @param onFault Told that line before the end; nothing of the text behind it is given out.
 */
export async function* checkedText(
  chunks: AsyncIterable<Uint8Array>,
  onFault: (fault: TextFault) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const check = utf8Check();
  let line = 1;
  try {
    for await (const chunk of utf8Chunks(chunks)) {
      const faulty = check.check(chunk);
      const good = chunk.subarray(0, faulty?.start);
      line += lineFeedsIn(good);
      yield good;
      if (faulty === undefined) continue;
      onFault({ line, why: faulty.why });
      return;
    }
  } catch (error) {
    if (!(error instanceof MalformedText)) throw error;
    onFault({ line, why: error.message });
  }
  if (check.isWithin()) onFault({ line, why: breaksOff });
}

const lineFeed = 0x0a;

function lineFeedsIn(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(lineFeed); at !== -1; at = bytes.indexOf(lineFeed, at + 1)) count += 1;
  return count;
}

/**
 * UTF-16 as UTF-8, with or without a byte order mark; all other bytes as they are, not checked. Marks stay.
 *
 * @throws MalformedText where it is UTF-16 with half of a character in it, or UTF-32. All text before is given out first.
 */
export async function* utf8Chunks(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let decoder: ReturnType<typeof wideDecoder> | undefined;
  let isStart = true;
  for await (const chunk of withHead(chunks, headBytes)) {
    const encoding = isStart ? encodingOf(chunk) : "UTF-8";
    isStart = false;
    if (encoding !== "UTF-8") decoder = wideDecoder(encoding);
    if (decoder === undefined) {
      yield chunk;
      continue;
    }
    const { text, why } = decoder.decode(chunk);
    yield Buffer.from(text);
    if (why !== undefined) throw new MalformedText(why);
  }
  if (decoder?.isWithin() === true) throw new MalformedText(breaksOff);
}

/** The same bytes, the first ones of them together. */
export async function* withHead(
  chunks: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let head: Uint8Array | undefined = new Uint8Array();
  for await (const chunk of chunks) {
    if (head === undefined) yield chunk;
    else {
      head = Buffer.concat([head, chunk]);
      if (head.length < size) continue;
      yield head;
      head = undefined;
    }
  }
  if (head !== undefined && head.length > 0) yield head;
}

type WideEncoding = "UTF-16LE" | "UTF-16BE" | "UTF-32LE" | "UTF-32BE";

/** How many bytes tell the encoding. */
const headBytes = 4;

/**
 * By a byte order mark, or by the zeros of the first two characters, of which one is ASCII in every format that people give us
 * (RFC 4627, section 3; CSV may begin with a typographic quote).
 */
const signs: readonly (readonly [WideEncoding, RegExp])[] = [
  ["UTF-32LE", /^(?:\xff\xfe|[^\0]\0)\0\0/],
  ["UTF-32BE", /^\0\0(?:\xfe\xff|\0[^\0])/],
  ["UTF-16LE", /^(?:\xff\xfe|[^\0]\0|[^][^][ -~]\0)/],
  ["UTF-16BE", /^(?:\xfe\xff|\0[^\0]|[^][^]\0[ -~])/],
];

function encodingOf(bytes: Uint8Array): "UTF-8" | WideEncoding {
  const head = Buffer.from(bytes.subarray(0, headBytes)).toString("latin1");
  return signs.find(([, sign]) => sign.test(head))?.[0] ?? "UTF-8";
}

interface WideDecoder {
  /** @returns the text up to the fault, and what is wrong there. */
  readonly decode: (chunk: Uint8Array) => { readonly text: string; readonly why?: string };
  /** Whether a character has begun and not ended. */
  readonly isWithin: () => boolean;
}

function wideDecoder(encoding: WideEncoding): WideDecoder {
  let begun = Buffer.alloc(0);
  return {
    decode: (chunk) => {
      if (encoding.startsWith("UTF-32")) return { text: "", why: `is ${encoding}. ${conversion(encoding)}` };
      const bytes = Buffer.concat([begun, chunk]);
      const whole = bytes.subarray(0, bytes.length - (bytes.length % 2));
      const text = (encoding === "UTF-16BE" ? Buffer.from(whole).swap16() : whole).toString("utf16le");
      // Its other half comes with the next chunk.
      const end = /[\uD800-\uDBFF]$/.test(text) ? text.length - 1 : text.length;
      begun = Buffer.from(bytes.subarray(end * 2));
      const half = text.slice(0, end).search(/\p{Surrogate}/u);
      if (half === -1) return { text: text.slice(0, end) };
      return { text: text.slice(0, half), why: `is not ${encoding}: it holds half of a character` };
    },
    isWithin: () => begun.length > 0,
  };
}

interface Utf8Check {
  /** @returns the first line that is not UTF-8: where it begins in the chunk (0 for one that began before), and what it looks like. */
  readonly check: (chunk: Uint8Array) => { readonly start: number; readonly why: string } | undefined;
  /** Whether a character has begun and not ended. */
  readonly isWithin: () => boolean;
}

/** For chunks one after the other. */
export function utf8Check(): Utf8Check {
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

function conversion(from: string): string {
  return `Convert it to UTF-8: iconv -f ${from} -t UTF-8 FILE > NEW-FILE`;
}
