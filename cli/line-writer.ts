import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";

/** Writes lines to a file, many at once. */
export interface LineWriter {
  readonly write: (line: string) => void;
  /** Hands over what is left; with `durably`, a power cut leaves it there. */
  readonly flush: (how?: "durably") => void;
  readonly close: () => void;
}

const partLength = 1 << 16;

/**
 * @param flags `a` to add to a file, `w` to begin anew.
 */
export function lineWriter(file: string, flags: "a" | "w"): LineWriter {
  const descriptor = openSync(file, flags, 0o600);
  let part = "";
  const flush = (how?: "durably") => {
    if (part !== "") writeAll(descriptor, Buffer.from(part));
    part = "";
    if (how === "durably") fsyncSync(descriptor);
  };
  return {
    write: (line) => {
      part += `${line}\n`;
      if (part.length >= partLength) flush();
    },
    flush,
    close: () => {
      try {
        flush();
      } finally {
        closeSync(descriptor);
      }
    },
  };
}

function writeAll(descriptor: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
}
