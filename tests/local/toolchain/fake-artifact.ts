import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Artifact } from "../../../local/toolchain/artifact.ts";

/** A tiny artifact of one executable, `bin/<id>`, whose build writes the id into it. */
export function fakeArtifact(id: string, overrides: Partial<Artifact> = {}): Artifact {
  return {
    id,
    title: `the tool ${id}`,
    files: [`bin/${id}`],
    build: ({ folder }) => writeExecutable(join(folder, "bin", id), `built ${id}`),
    ...overrides,
  };
}

/** Writes an executable file, making its folder. */
export async function writeExecutable(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content, { mode: 0o755 });
}
