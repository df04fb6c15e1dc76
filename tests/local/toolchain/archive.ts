import { execFileSync } from "node:child_process";
import { copyFileSync, linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { sha256 } from "../../../lib/hash.ts";

/** A .tar.gz in memory. */
export interface Archive {
  readonly content: Buffer;
  readonly sha256: string;
}

/** Packs executables: their text, or the file that has their content, by path in the archive. */
export function archiveOf(
  folder: string,
  members: Readonly<Record<string, string | { file: string }>>,
): Archive {
  const source = mkdtempSync(join(folder, "archive-"));
  try {
    for (const [name, member] of Object.entries(members)) {
      const path = join(source, name);
      mkdirSync(dirname(path), { recursive: true });
      if (typeof member === "string") writeFileSync(path, member, { mode: 0o755 });
      else linkOrCopy(member.file, path);
    }
    const maxBuffer = 2 ** 30;
    const tar = execFileSync("tar", ["-cf", "-", "-C", source, ...Object.keys(members)], { maxBuffer });
    // The size of an archive is not what is tried here.
    const content = gzipSync(tar, { level: 1 });
    return { content, sha256: sha256(content) };
  } finally {
    rmSync(source, { recursive: true, force: true });
  }
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
