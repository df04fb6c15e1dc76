import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { startLocalWorld, type LocalWorld } from "../../local/start/local-world.ts";
import { requirePulumi } from "../../local/start/run-pulumi.ts";
import { ensureToolchain } from "../../toolchain/ensure-toolchain.ts";
import type { ToolchainPaths } from "../../toolchain/toolchain-paths.ts";
import { copyProject } from "./project-copy.ts";

/** A local world with stack `local` deployed from a copy of the project, whose sources may be changed. */
export interface BenchWorld {
  /** Everything of the benchmark is in there. */
  readonly root: string;
  readonly world: LocalWorld;
  /** The copy's folder. */
  readonly project: string;
  readonly toolchain: ToolchainPaths;
  readonly stop: () => Promise<void>;
}

/** Starts and deploys it, in a folder of its own among the temporary ones. */
export async function startBenchWorld(progress: (line: string) => void): Promise<BenchWorld> {
  const toolchain = await ensureToolchain({ progress });
  const root = mkdtempSync(join(tmpdir(), "user-pictures-bench-"));
  const remove = () => rmSync(root, { recursive: true, force: true });
  let world: LocalWorld | undefined;
  try {
    const project = join(root, "project");
    copyProject(project);
    world = await startLocalWorld({ root: join(root, "world"), tenantPort: 0, s3Port: 0, progress });
    runFrom(world, project);
    await requirePulumi(world, ["stack", "init", "local"]);
    await requirePulumi(world, ["up", "--yes", "--skip-preview"]);
    const { stop } = world;
    let stopping: Promise<void> | undefined;
    return { root, world, project, toolchain, stop: () => (stopping ??= stop().finally(remove)) };
  } catch (error) {
    await world?.stop();
    remove();
    throw error;
  }
}

function runFrom({ folder }: LocalWorld, project: string): void {
  const content = parse(readFileSync(folder.projectFile, "utf8")) as object;
  writeFileSync(folder.projectFile, stringify({ ...content, main: join(project, "index.ts") }));
}
