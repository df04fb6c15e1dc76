import { once } from "node:events";
import { join } from "node:path";
import type { PulumiResult } from "../../local/start/run-pulumi.ts";
import type { LocalWorld } from "../../local/start/local-world.ts";
import { spawnMarked } from "../../local/processes/spawn-marked.ts";

/** Runs a command of `pictures` on a local world, as a person without a terminal would. */
export async function runPictures(world: LocalWorld, args: readonly string[]): Promise<PulumiResult> {
  const file = join(__dirname, "../../cli/pictures.js");
  const child = spawnMarked(process.execPath, [file, ...args], {
    runId: world.runId,
    env: world.environment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const [code] = (await once(child, "close")) as [number | null];
  return { code: code ?? 1, output };
}
