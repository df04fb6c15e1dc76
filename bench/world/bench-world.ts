import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { projectRoot } from "../../lib/project.ts";
import { startLocalWorld, type LocalWorld } from "../../local/start/local-world.ts";
import { requirePulumi } from "../../local/start/run-pulumi.ts";
import { ensureToolchain, type ToolchainPaths } from "../../local/toolchain/ensure-toolchain.ts";
import type { Comparison, ComparisonPlan } from "../comparison.ts";

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

/** What the program and the `pictures` command do without; what git ignores and hides begins with a dot. */
const left = new Set(["bench", "docs", "examples", "local", "node_modules", "pins", "tenant", "tests"]);

/** Copies the project into a new folder, in which its sources may be changed. The dependencies stay the same. */
function copyProject(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(projectRoot).filter((name) => !name.startsWith(".") && !left.has(name));
  for (const name of names) cpSync(join(projectRoot, name), join(folder, name), { recursive: true });
  linkDependencies(join(folder, "node_modules"));
}

/** One by one: what a copy keeps in `node_modules/.cache` is its own. */
function linkDependencies(folder: string): void {
  const dependencies = join(projectRoot, "node_modules");
  mkdirSync(folder);
  for (const name of readdirSync(dependencies)) {
    if (!name.startsWith(".")) symlinkSync(join(dependencies, name), join(folder, name));
  }
}

export interface PartOptions {
  /** What is to be found out: no other subject runs. */
  readonly plans: readonly ComparisonPlan[];
  readonly runs: number;
  readonly progress: (line: string) => void;
}

/** A group of comparisons whose subjects run in turns. */
export interface Part {
  readonly plans: readonly ComparisonPlan[];
  readonly measure: (bench: BenchWorld, options: PartOptions) => Promise<Comparison[]>;
}
