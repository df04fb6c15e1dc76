import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { projectRoot } from "../../lib/project.ts";
import type { ToolchainPaths } from "../../local/toolchain/ensure-toolchain.ts";
import { runTimed, type TimedRun } from "../run-timed.ts";

/** A Pulumi project whose program declares nothing, with a stack of its own. */
export interface EmptyProgram {
  readonly pulumi: (...args: readonly string[]) => Promise<TimedRun>;
  /** Changes the program's text, not what it does. */
  readonly edit: () => void;
}

export interface EmptyProgramOptions {
  readonly language: "typescript" | "javascript";
  /** Does not exist yet. */
  readonly folder: string;
  readonly toolchain: ToolchainPaths;
  readonly runId: string;
}

/** What `pulumi new typescript` and `pulumi new javascript` would leave, with nothing declared. */
const projects = {
  typescript: {
    file: "index.ts",
    program: 'import * as pulumi from "@pulumi/pulumi";\n',
    runtime: "nodejs",
    // The compiler's options are Pulumi's own defaults: without a tsconfig.json it has some.
  },
  javascript: {
    file: "index.js",
    program: '"use strict";\nconst pulumi = require("@pulumi/pulumi");\n',
    runtime: { name: "nodejs", options: { typescript: false } },
  },
} as const;

/** Makes the project and its stack `empty`. */
export async function emptyProgram(options: EmptyProgramOptions): Promise<EmptyProgram> {
  const { language, folder, toolchain, runId } = options;
  const { file, program, runtime } = projects[language];
  for (const name of ["state", "home", "tmp"]) mkdirSync(join(folder, name), { recursive: true });
  symlinkSync(join(projectRoot, "node_modules"), join(folder, "node_modules"));
  // JSON is YAML.
  writeFileSync(join(folder, "Pulumi.yaml"), JSON.stringify({ name: "empty", runtime }));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "empty", main: file }));
  let edits = 0;
  const edit = () => writeFileSync(join(folder, file), `${program}// ${edits++}\n`);
  edit();
  const env = environment(options);
  const pulumi = (...args: readonly string[]) =>
    runTimed({
      command: toolchain.pulumi,
      args: [...args, "--non-interactive", "--color=never"],
      cwd: folder,
      env,
      runId,
    });
  await pulumi("stack", "init", "empty");
  return { pulumi, edit };
}

/** Makes the program's first deployment once more: the seconds of `stack init` and `up`. */
export async function newStack({ pulumi, edit }: EmptyProgram): Promise<number> {
  await pulumi("stack", "rm", "empty", "--yes", "--force");
  edit();
  const init = await pulumi("stack", "init", "empty");
  const up = await pulumi("up", "--yes", "--skip-preview");
  return init.seconds + up.seconds;
}

function environment({ folder, toolchain }: EmptyProgramOptions): NodeJS.ProcessEnv {
  return {
    HOME: process.env["HOME"],
    PATH: [toolchain.binDir, process.env["PATH"] ?? ""].join(delimiter),
    TMPDIR: join(folder, "tmp"),
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "x",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}
