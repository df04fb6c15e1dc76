import { closeSync, fstatSync, fsyncSync, openSync, readSync } from "node:fs";
import { writeAll } from "./write-all.ts";

/** A line of a file. */
export interface Line {
  readonly text: string;
  /** Where it begins, in bytes. */
  readonly offset: number;
}

const chunkBytes = 1 << 16;
const lineBreak = 10;

/**
 * A file's lines without their breaks, the empty ones left out; one chunk and one line are in memory.
 *
 * @param file Its name, or an open descriptor, which stays open; from the beginning in either case.
 */
export function* readLines(file: string | number): Generator<Line, void, undefined> {
  const descriptor = typeof file === "number" ? file : openSync(file, "r");
  try {
    const chunk = Buffer.alloc(chunkBytes);
    let rest = Buffer.alloc(0);
    let offset = 0;
    const read = () => readSync(descriptor, chunk, 0, chunk.length, offset + rest.length);
    for (let size = read(); size > 0; size = read()) {
      const bytes = Buffer.concat([rest, chunk.subarray(0, size)]);
      let start = 0;
      for (let end = bytes.indexOf(lineBreak); end !== -1; end = bytes.indexOf(lineBreak, start)) {
        if (end > start) yield { text: bytes.toString("utf8", start, end), offset: offset + start };
        start = end + 1;
      }
      rest = bytes.subarray(start);
      offset += start;
    }
    if (rest.length > 0) yield { text: rest.toString("utf8"), offset };
  } finally {
    if (descriptor !== file) closeSync(descriptor);
  }
}

/** Reads single lines of a file, by where they begin. */
export interface LineReader {
  readonly at: (offset: number) => string;
  readonly close: () => void;
}

export function lineReader(file: string): LineReader {
  const descriptor = openSync(file, "r");
  return {
    at: (offset) => {
      for (let length = 1024; ; length *= 4) {
        const bytes = Buffer.alloc(length);
        const size = readSync(descriptor, bytes, 0, length, offset);
        const end = bytes.subarray(0, size).indexOf(lineBreak);
        if (end !== -1 || size < length) return bytes.toString("utf8", 0, end === -1 ? size : end);
      }
    },
    close: () => {
      closeSync(descriptor);
    },
  };
}

/** Writes lines to a file, many at once. */
interface LineWriter {
  readonly write: (line: string) => void;
  /** Hands over what is left; with `durably`, a power cut leaves it there. */
  readonly flush: (how?: "durably") => void;
  readonly close: () => void;
}

const partLength = 1 << 16;

/**
 * Makes a new file for its owner's eyes only.
 *
 * @param flags `a` to add to a file, `w` to begin anew.
 */
export function lineWriter(file: string, flags: "a" | "w"): LineWriter {
  const descriptor = openSync(file, `${flags}+`, 0o600);
  // A write that was cut off may have left a line without its end: it must not swallow the next one.
  let part = endsInLine(descriptor) ? "\n" : "";
  const flush = (how?: "durably") => {
    const bytes = Buffer.from(part);
    // Not again where it fails: the end of what was written is not known.
    part = "";
    writeAll(descriptor, bytes);
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

function endsInLine(descriptor: number): boolean {
  const { size } = fstatSync(descriptor);
  const last = Buffer.alloc(1, lineBreak);
  if (size > 0) readSync(descriptor, last, 0, 1, size - 1);
  return last[0] !== lineBreak;
}
