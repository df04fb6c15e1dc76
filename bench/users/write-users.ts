import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { exportLine } from "./export-line.ts";

const linesAtOnce = 1000;

/** Writes an export's file of that many users. */
export async function writeUsers(file: string, users: number): Promise<void> {
  await pipeline(Readable.from(blocks(users)), createWriteStream(file));
}

function* blocks(users: number): Generator<string> {
  for (let first = 0; first < users; first += linesAtOnce) {
    const lines = Math.min(linesAtOnce, users - first);
    yield Array.from({ length: lines }, (_, index) => exportLine(first + index)).join("");
  }
}
