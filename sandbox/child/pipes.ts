import { readSync, writeSync } from "node:fs";
import { frame, frameHeaderBytes, readFrameHeader } from "../frames.ts";
import { keptMethod } from "../kept-method.ts";

/**
 * The pipes are read and written without the event loop: no handle of them is there for code to find, and between two requests
 * nothing runs that an earlier one left.
 */
export interface Pipes {
  /** Waits for the next frame; undefined at the end of the input. What is returned is overwritten by the next call. */
  readonly read: () => { readonly kind: number; readonly content: Buffer } | undefined;
  readonly write: (kind: number, content?: string) => void;
}

/** Several batches. */
const roomBytes = 1 << 19;

const copyBytes = keptMethod(Buffer.prototype as object, "copy") as (
  from: Buffer,
  to: Buffer,
  at: number,
  start: number,
  end: number,
) => void;
const part = keptMethod(Buffer.prototype as object, "subarray") as (
  bytes: Buffer,
  start: number,
  end: number,
) => Buffer;

/** Call it before any code of an Action is there: it keeps the functions of Node that it uses. */
export function openPipes(): Pipes {
  const [readBytes, writeBytes] = [readSync, writeSync];
  // Kept from one frame to the next: memory does not depend on how many there are. What has come is in it from `start` to `end`.
  let [buffer, start, end] = [Buffer.allocUnsafeSlow(roomBytes), 0, 0];
  /** Waits until there are so many bytes. Takes all that has come: the parent can write more only where the pipe has room. */
  const fill = (length: number): boolean => {
    if (buffer.length - start < length) {
      const larger = length > buffer.length ? Buffer.allocUnsafeSlow(length) : buffer;
      copyBytes(buffer, larger, 0, start, end);
      [buffer, start, end] = [larger, 0, end - start];
    }
    while (end - start < length) {
      const count = readBytes(0, buffer, end, buffer.length - end, null);
      if (count === 0) return false;
      end += count;
    }
    return true;
  };
  return {
    read: () => {
      if (start === end) [start, end] = [0, 0];
      if (!fill(frameHeaderBytes)) return undefined;
      const { kind, contentBytes } = readFrameHeader(part(buffer, start, end));
      if (!fill(frameHeaderBytes + contentBytes)) return undefined;
      const first = start + frameHeaderBytes;
      start = first + contentBytes;
      return { kind, content: part(buffer, first, start) };
    },
    write: (kind, content = "") => {
      const bytes = frame(kind, content);
      for (let written = 0; written < bytes.length;) {
        written += writeBytes(1, bytes, written, bytes.length - written);
      }
    },
  };
}
