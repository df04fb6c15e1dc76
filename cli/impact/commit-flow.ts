import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ExpectedError } from "../../infra/expected-error.ts";
import { pinFiles } from "../../infra/pin-files.ts";
import { projectRoot } from "../../infra/project-root.ts";
import { readPins } from "../../infra/read-pins.ts";
import type { Environment } from "../environment.ts";
import { stackFile, stackName } from "../stack-file.ts";
import type { FlowAction, ImpactFlow } from "./impact-flow.ts";

/** Longer is no build. */
const longestBuildMs = 120_000;

/**
 * The Actions that a commit of this repository deploys for a stack. They are built by the commit's own program in a process
 * of its own, from the stack's file and the pins of that commit; where it has no such file, from today's.
 *
 * @param root A folder in the repository that is meant.
 * @throws ExpectedError `commit-unusable`.
 */
export function commitFlow(named: string, stack: string, env: Environment, root = projectRoot): ImpactFlow {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "user-pictures-commit-")));
  try {
    const commit = unpack(named, root, folder);
    const name = stackName(stack);
    const settingsFolder = existsSync(join(folder, `Pulumi.${name}.yaml`))
      ? folder
      : dirname(stackFile(stack, env));
    const bundled = build(folder, name, settingsFolder);
    const { pins } = readPins(pinFiles(name, { PICTURES_STACK_FOLDER: settingsFolder }));
    const actions = bundled.map((action) => pins.find((pin) => pin.action === action.name) ?? action);
    return {
      origin: { from: "commit", commit, stack: name },
      actions: bundled.map(({ name: action }, index) => ({ name: action, code: actions[index]?.code ?? "" })),
    };
  } catch (cause) {
    if (cause instanceof ExpectedError) throw cause;
    throw new ExpectedError(
      "commit-unusable",
      `${named} cannot be used: it must be a commit of this repository whose Actions can be built for stack ${stackName(stack)}. ` +
        lastLine(cause),
      { cause },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The full hash of what is named; undefined where this repository has no such commit. */
export function commitNamed(named: string, root = projectRoot): string | undefined {
  try {
    const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${named}^{commit}`];
    return git(root, args).toString().trim();
  } catch {
    return undefined;
  }
}

function unpack(named: string, root: string, folder: string): string {
  const commit = commitNamed(named, root);
  if (commit === undefined) throw new Error("It is no commit here.");
  execFileSync("tar", ["-x", "-C", folder], { input: git(root, ["archive", "--format=tar", commit]) });
  symlinkSync(join(projectRoot, "node_modules"), join(folder, "node_modules"));
  return commit;
}

/** `cli/bundle.ts` is the one way to the bundles that has been the same since the first version. */
function build(folder: string, stack: string, settingsFolder: string): FlowAction[] {
  const out = join(folder, ".bundles");
  const program = [join(folder, "cli", "bundle.ts"), "--out", out, "--stack", stack];
  execFileSync(process.execPath, ["--require", require.resolve("tsx/cjs"), ...program], {
    cwd: folder,
    // No credentials: the commit's program needs none.
    env: { PATH: process.env["PATH"] ?? "", TMPDIR: tmpdir(), PICTURES_STACK_FOLDER: settingsFolder },
    stdio: ["ignore", "ignore", "pipe"],
    timeout: longestBuildMs,
  });
  const manifest = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")) as {
    readonly actions: readonly { readonly name: string }[];
  };
  return manifest.actions.map(({ name }) => ({
    name,
    code: readFileSync(join(out, `${name}.js`), "utf8"),
  }));
}

function git(root: string, args: readonly string[]): Buffer {
  return execFileSync("git", args, { cwd: root, stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1 << 28 });
}

/** What the commit's program said. */
function lastLine(error: unknown): string {
  const { stderr, message } = Object(error) as { stderr?: unknown; message?: unknown };
  const said = stderr instanceof Buffer ? stderr.toString().trim() : "";
  return (said === "" ? String(message) : said).split("\n").at(-1) ?? "";
}
