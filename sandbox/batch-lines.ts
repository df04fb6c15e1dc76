import { keptMethod } from "./kept-method.ts";

/** Kept before code of Actions may replace them: this runs beside it, too. */
const indexOf = keptMethod(String.prototype, "indexOf") as (
  text: string,
  found: string,
  from: number,
) => number;
const slice = keptMethod(String.prototype, "slice") as (text: string, start: number, end: number) => string;
const trim = keptMethod(String.prototype, "trim") as (text: string) => string;
const bytesPrototype = Buffer.prototype as object;
const decode = keptMethod(bytesPrototype, "toString") as (
  bytes: Buffer,
  encoding: string,
  start: number,
  end: number,
) => string;
type FindByte = (bytes: Buffer, found: number, from: number) => number;
const byteIndex = keptMethod(bytesPrototype, "indexOf") as FindByte;
const lastByteIndex = keptMethod(bytesPrototype, "lastIndexOf") as FindByte;

/** The lines of a batch, one by one. A process of the sandbox and its parent cut a batch in the same way. */
export interface BatchLines {
  /** The next line that is not empty, without white space around it; undefined at the end. */
  readonly next: () => string | undefined;
  /** How many lines there were until now, the empty ones too. */
  readonly count: () => number;
}

const lineFeed = 0x0a;

/** So much is made a text at once: a line at a time would be slower, and what is large costs the engine more to keep. */
const pieceBytes = 1 << 15;

/** Cuts bytes at their line feeds. A line feed at the end begins no further line. */
export function batchLines(bytes: Buffer): BatchLines {
  let [count, text, start, decoded] = [0, "", 0, 0];
  const decodeNext = (): void => {
    const end = endOfPiece(bytes, decoded);
    text = decode(bytes, "utf8", decoded, end);
    [start, decoded] = [0, end];
  };
  return {
    next: () => {
      for (;;) {
        if (start >= text.length) {
          if (decoded >= bytes.length) return undefined;
          decodeNext();
        }
        const found = indexOf(text, "\n", start);
        const end = found === -1 ? text.length : found;
        const line = trim(slice(text, start, end));
        start = end + 1;
        count += 1;
        if (line !== "") return line;
      }
    },
    count: () => count,
  };
}

/** Whole lines: one at least. */
function endOfPiece(bytes: Buffer, start: number): number {
  if (bytes.length - start <= pieceBytes) return bytes.length;
  const last = lastByteIndex(bytes, lineFeed, start + pieceBytes - 1);
  const found = last >= start ? last : byteIndex(bytes, lineFeed, start + pieceBytes);
  return found === -1 ? bytes.length : found + 1;
}
