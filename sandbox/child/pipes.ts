import { readSync, writeSync } from "node:fs";
import { frame, frameHeaderBytes, readFrameHeader } from "../frames.ts";

/**
 * The pipes are read and written without the event loop: no handle of them is there for code to find, and between two requests
 * nothing runs that an earlier one left.
 */
export interface Pipes {
  /** Waits for the next frame; undefined at the end of the input. What is returned is overwritten by the next call. */
  readonly read: () => { readonly kind: number; readonly content: Buffer } | undefined;
  readonly write: (kind: number, content?: string) => void;
}

/** Call it before any code of an Action is there: it keeps the functions of Node that it uses. */
export function openPipes(): Pipes {
  const [readBytes, writeBytes] = [readSync, writeSync];
  // Kept from one frame to the next: memory does not depend on how many there are.
  let buffer = Buffer.allocUnsafeSlow(1 << 18);
  const fill = (length: number): boolean => {
    for (let filled = 0; filled < length;) {
      const count = readBytes(0, buffer, filled, length - filled, null);
      if (count === 0) return false;
      filled += count;
    }
    return true;
  };
  return {
    read: () => {
      if (!fill(frameHeaderBytes)) return undefined;
      const { kind, contentBytes: length } = readFrameHeader(buffer);
      if (length > buffer.length) buffer = Buffer.allocUnsafeSlow(length);
      return fill(length) ? { kind, content: buffer.subarray(0, length) } : undefined;
    },
    write: (kind, content = "") => {
      const bytes = frame(kind, content);
      for (let written = 0; written < bytes.length;) {
        written += writeBytes(1, bytes, written, bytes.length - written);
      }
    },
  };
}
