import { once } from "node:events";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { typescriptLoader } from "../../lib/project.ts";
import { killMarked, newRunId, spawnMarked } from "../../local/processes/marked-processes.ts";
import { startReaper } from "../../local/processes/start-reaper.ts";
import { toolchainPaths } from "../../local/toolchain/ensure-toolchain.ts";

export interface PulumiProjectOptions {
  /** An empty folder, which gets the project, its state and its Pulumi home's leavings. */
  readonly folder: string;
  /** Folder of the plugin that stands in for the AWS provider. */
  readonly awsPlugin: string;
  /** What the program and the providers find in their environment, besides what Pulumi needs. */
  readonly env: Readonly<Record<string, string>>;
}

export interface PulumiResult {
  readonly code: number | null;
  /** Standard output and standard error, in the order in which they came. */
  readonly output: string;
}

/** A project of its own with the real engine and one stack, `test`. */
export interface PulumiProject {
  /** The mark of everything that it starts. */
  readonly runId: string;
  /** Writes the program, TypeScript. */
  readonly write: (program: string) => void;
  /** Runs `pulumi` with the arguments; colours and questions are off. */
  readonly run: (...args: readonly string[]) => Promise<PulumiResult>;
  /** Ends everything that a run may have left. */
  readonly stop: () => Promise<void>;
}

/** Makes a project and its stack. */
export async function pulumiProject(options: PulumiProjectOptions): Promise<PulumiProject> {
  const { folder, awsPlugin } = options;
  const runId = newRunId();
  const reaper = await startReaper(runId);
  for (const name of ["state", "tmp"]) mkdirSync(join(folder, name), { recursive: true });
  symlinkSync(join(__dirname, "../../node_modules"), join(folder, "node_modules"));
  const runtime = {
    name: "nodejs",
    options: { typescript: false, nodeargs: `--require ${typescriptLoader}` },
  };
  const plugins = { providers: [{ name: "aws", path: awsPlugin }] };
  // JSON is YAML.
  const project = JSON.stringify({ name: "e2e", main: "index.ts", runtime, plugins });
  writeFileSync(join(folder, "Pulumi.yaml"), project);
  // Without one the language host warns.
  writeFileSync(join(folder, "package.json"), "{}");
  const env = environment(options);

  const run = async (...args: readonly string[]): Promise<PulumiResult> => {
    const flags = ["--non-interactive", "--color", "never"];
    const child = spawnMarked(toolchainPaths().pulumi, [...args, ...flags], {
      runId,
      cwd: folder,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    const [code] = (await once(child, "close")) as [number | null];
    return { code, output };
  };
  const created = await run("stack", "init", "test");
  if (created.code !== 0) throw new Error(created.output);
  return {
    runId,
    write: (program) => writeFileSync(join(folder, "index.ts"), program),
    run,
    stop: async () => {
      await killMarked(runId, { graceMs: 0 });
      await reaper.stop();
    },
  };
}

/** Nothing of the user's own settings: they could name a real account. */
function environment({ folder, env }: PulumiProjectOptions): NodeJS.ProcessEnv {
  const { binDir } = toolchainPaths();
  return {
    HOME: process.env["HOME"],
    // A killed language host leaves its pipes there.
    TMPDIR: join(folder, "tmp"),
    PATH: [binDir, process.env["PATH"] ?? ""].join(delimiter),
    // Of its own: Pulumi notes every project that it sees in there. The language host is found by PATH.
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "x",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    ...env,
  };
}
