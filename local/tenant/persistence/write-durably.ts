import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** The name under which a file is written before it takes the place of the former one. */
export function draftOf(file: string): string {
  return `${file}.new`;
}

/**
 * Replaces a file so that whoever opens it, after `kill -9` or a power cut too, finds the former content or the new one,
 * whole. Resolves once the new one is on the disk. One write at a time: the draft's name is always the same.
 */
export async function writeDurably(file: string, content: string): Promise<void> {
  const draft = await open(draftOf(file), "w", 0o600);
  try {
    await draft.writeFile(content);
    await draft.sync();
  } finally {
    await draft.close();
  }
  await rename(draftOf(file), file);
  // The rename itself is durable only with its folder.
  const folder = await open(dirname(file), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
