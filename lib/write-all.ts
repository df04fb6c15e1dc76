import { writeSync } from "node:fs";

/**
 * Writes all of it. The system may write less than it was given, and says so in nothing but the count: where a disk is
 * nearly full, at a limit, or after a signal. What follows then fails with the reason.
 *
 * @param position Where it goes, in bytes; where the descriptor is, without one.
 */
export function writeAll(descriptor: number, bytes: Buffer, position?: number): void {
  for (let written = 0; written < bytes.length;) {
    const place = position === undefined ? null : position + written;
    written += writeSync(descriptor, bytes, written, bytes.length - written, place);
  }
}
