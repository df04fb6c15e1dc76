import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Environment } from "../../lib/environment.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { projectRoot, typescriptLoader } from "../../lib/project.ts";
import { pinFiles, readPins } from "../../stack/pins.ts";
import { stackFile, stackName } from "../../stack/stack-file.ts";
import { withCommitFolder, type CommitFolder } from "../commit-folder.ts";
import type { FlowAction, ImpactFlow } from "./impact-flow.ts";

/** A build does not take longer. */
const longestBuildMs = 120_000;

/**
 * The Actions that a commit of this repository deploys for a stack. They are built by the commit's own program in a process
 * of its own, from the stack's file and the pins of that commit; where it has no such file, from today's.
 *
 * @param root A folder in the repository that is meant.
 * @throws ExpectedError `commit-unusable`.
 */
export async function commitFlow(
  named: string,
  stack: string,
  env: Environment,
  root = projectRoot,
): Promise<ImpactFlow> {
  try {
    return await withCommitFolder({ named, root }, (commit) => flowOf(commit, stack, env));
  } catch (cause) {
    if (cause instanceof ExpectedError) throw cause;
    throw new ExpectedError(
      "commit-unusable",
      `${named} cannot be used: it must be a commit of this repository whose Actions can be built for stack ${stackName(stack)}. ` +
        lastLine(cause),
      { cause },
    );
  }
}

async function flowOf(
  { commit, folder, signal }: CommitFolder,
  stack: string,
  env: Environment,
): Promise<ImpactFlow> {
  linkPackages(folder);
  const name = stackName(stack);
  const settingsFolder = existsSync(join(folder, `Pulumi.${name}.yaml`))
    ? folder
    : dirname(stackFile(stack, env));
  const bundled = await build(folder, name, settingsFolder, signal);
  const { pins } = readPins(pinFiles(name, { PICTURES_STACK_FOLDER: settingsFolder }));
  const actions = bundled.map((action) => pins.find((pin) => pin.action === action.name) ?? action);
  return {
    origin: { from: "commit", commit, stack: name },
    isFromTenant: pins.length > 0,
    actions: bundled.map(({ name: action }, index) => ({ name: action, code: actions[index]?.code ?? "" })),
  };
}

/** Each by itself: what the commit's program keeps in node_modules/.cache is not for today's. */
function linkPackages(folder: string): void {
  const installed = join(projectRoot, "node_modules");
  mkdirSync(join(folder, "node_modules"));
  for (const name of readdirSync(installed)) {
    if (name !== ".cache") symlinkSync(join(installed, name), join(folder, "node_modules", name));
  }
}

/** `cli/bundle.ts` is the one way to the bundles that has been the same since the first version. */
async function build(
  folder: string,
  stack: string,
  settingsFolder: string,
  signal: AbortSignal,
): Promise<FlowAction[]> {
  const out = join(folder, ".bundles");
  const program = [join(folder, "cli", "bundle.ts"), "--out", out, "--stack", stack];
  const temporary = join(folder, ".temporary");
  mkdirSync(temporary);
  await promisify(execFile)(process.execPath, ["--require", typescriptLoader, ...program], {
    cwd: folder,
    // No credentials: the commit's program needs none.
    env: {
      PATH: process.env["PATH"] ?? "",
      // A former version's programs load what tsx keeps there.
      TMPDIR: temporary,
      PICTURES_STACK_FOLDER: settingsFolder,
      USER_PICTURES_CACHE: join(folder, ".cache"),
    },
    maxBuffer: Infinity,
    timeout: longestBuildMs,
    killSignal: "SIGKILL",
    signal,
  });
  const manifest = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")) as {
    readonly actions: readonly { readonly name: string }[];
  };
  return manifest.actions.map(({ name }) => ({
    name,
    code: readFileSync(join(out, `${name}.js`), "utf8"),
  }));
}

/** What the commit's program said. */
function lastLine(error: unknown): string {
  const { stderr, message } = Object(error) as { stderr?: unknown; message?: unknown };
  const said = typeof stderr === "string" ? stderr.trim() : "";
  return (said === "" ? String(message) : said).split("\n").at(-1) ?? "";
}
