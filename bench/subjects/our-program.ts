import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { BenchWorld } from "../world/bench-world.ts";
import { runTimed, type TimedCommand, type TimedRun } from "../run-timed.ts";

/** This project's program and command, as they run in a benchmark's world. */
export interface OurProgram {
  readonly pulumi: (...args: readonly string[]) => Promise<TimedRun>;
  readonly pictures: (
    args: readonly string[],
    options?: Pick<TimedCommand, "withMemory">,
  ) => Promise<TimedRun>;
  /** Changes the program's text, not what it does. */
  readonly edit: () => void;
}

export function ourProgram({ world, project }: BenchWorld): OurProgram {
  const { folder, runId } = world;
  let edits = 0;
  return {
    pulumi: (...args) =>
      runTimed({
        command: join(folder.bin, "pulumi"),
        args: [...args, "--non-interactive", "--color=never"],
        cwd: folder.root,
        env: world.environment(),
        runId,
      }),
    pictures: (args, options) =>
      runTimed({
        ...options,
        command: process.execPath,
        args: [join(project, "cli/pictures.js"), ...args],
        cwd: folder.root,
        env: world.environment(),
        runId,
      }),
    edit: () => appendFileSync(join(project, "index.ts"), `// ${edits++}\n`),
  };
}
