import { readSync, writeSync } from "node:fs";

/** Kept from one frame to the next: memory does not depend on how many there are. */
let buffer = Buffer.allocUnsafeSlow(1 << 18);

/**
 * The next frame from standard input: four bytes of length, then as many bytes. It is read without the event loop, whose
 * sockets are closed in this process. What is returned is overwritten by the next call.
 *
 * @returns undefined at the end of the input.
 */
export function readFrame(): Buffer | undefined {
  if (!fill(4)) return undefined;
  const length = buffer.readUInt32LE(0);
  if (length > buffer.length) buffer = Buffer.allocUnsafeSlow(length);
  return fill(length) ? buffer.subarray(0, length) : undefined;
}

function fill(length: number): boolean {
  for (let filled = 0; filled < length;) {
    const count = readSync(0, buffer, filled, length - filled, null);
    if (count === 0) return false;
    filled += count;
  }
  return true;
}

/** One line on standard output. */
export function writeLine(line: string): void {
  const bytes = Buffer.from(`${line}\n`);
  for (let written = 0; written < bytes.length;) {
    written += writeSync(1, bytes, written, bytes.length - written);
  }
}
