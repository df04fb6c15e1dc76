import { rmSync } from "node:fs";
import type { PinFiles } from "../../infra/pin-files.ts";
import type { PinRecord } from "../../infra/pin.ts";
import { readReleased } from "../../infra/read-pins.ts";
import { writeDurably } from "./write-durably.ts";

/** Writes both files of a pin. Call it while the unfinished rollback stands: between the two nothing else may read them. */
export function writePin(files: PinFiles, action: string, code: string, record: PinRecord): void {
  writeDurably(files.code(action), code);
  writeDurably(files.record(action), `${JSON.stringify(record, null, 2)}\n`);
}

/**
 * Removes a pin, and notes the deployed version that it stood for: the next run may replace exactly that one. The record
 * goes first, since code without one is told as a broken pin, which can be unpinned again.
 */
export function removePin(files: PinFiles, action: string, versionId: string | undefined): void {
  if (versionId !== undefined) {
    const released = { ...readReleased(files), [action]: versionId };
    writeDurably(files.released, `${JSON.stringify(released, null, 2)}\n`);
  }
  rmSync(files.record(action), { force: true });
  rmSync(files.code(action), { force: true });
}
