import { once } from "node:events";
import { join } from "node:path";
import { projectRoot } from "../../lib/project.ts";
import { spawnMarked } from "../../local/processes/marked-processes.ts";
import type { LocalWorld } from "../../local/start/local-world.ts";

export interface PicturesResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Both, in the order in which they came. */
  readonly output: string;
}

/** Runs `pictures` in a process of its own, with the world's environment; nobody can be asked there. */
export async function runPictures(world: LocalWorld, ...args: readonly string[]): Promise<PicturesResult> {
  const child = spawnMarked(process.execPath, [join(projectRoot, "cli/pictures.js"), ...args], {
    runId: world.runId,
    env: world.environment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const result = { out: "", err: "", output: "" };
  for (const [name, stream] of [["out", child.stdout] as const, ["err", child.stderr] as const]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      result[name] += text;
      result.output += text;
    });
  }
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...result };
}
