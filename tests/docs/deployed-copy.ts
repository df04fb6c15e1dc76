import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { projectRoot } from "../../lib/project.ts";
import { toolchainPaths } from "../../local/toolchain/ensure-toolchain.ts";

/** What a command said, on both outputs, and how it ended. */
export interface Ended {
  readonly status: number | null;
  readonly output: string;
}

/** Files by their path in a project. */
export type Files = Readonly<Record<string, string | Buffer>>;

/** The blocks of commands in docs/upgrading.md, each with the name that is in the comment above it, and the upstream's address put in. */
export function documentedCommands(block: "clone" | "copy" | "upgrade", upstream: string): readonly string[] {
  const page = readFileSync(join(projectRoot, "docs/upgrading.md"), "utf8");
  const commands = new RegExp(`<!-- ${block} -->\n\n\`\`\`sh\n([^]*?)\`\`\``).exec(page)?.[1];
  if (commands === undefined) throw new Error(`docs/upgrading.md has no commands "${block}".`);
  return commands
    .trim()
    .split("\n")
    .map((command) => command.replace("https://github.com/OWNER/auth0-user-pictures.git", upstream));
}

/** Runs commands as a shell would, in the order given, up to the first that fails; with nothing of this user's own settings of git. */
export function runCommands(folder: string, commands: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync("sh", ["-e", "-c", commands.join("\n")], {
    cwd: folder,
    encoding: "utf8",
    env: { ...nobody, PATH: process.env["PATH"] },
  });
  return { status, output: stdout + stderr };
}

/** Runs git, and gives what it printed. */
export function git(folder: string, ...args: readonly string[]): string {
  const env = { ...nobody, PATH: process.env["PATH"] };
  return execFileSync("git", args, { cwd: folder, encoding: "utf8", env, stdio: ["ignore", "pipe", "pipe"] });
}

/** Makes a repository of this project as it is here, with these files and the tag v1.0.0, and changed with the tag v1.1.0. */
export function writeUpstream(folder: string, files: Files, change: (folder: string) => void): void {
  const skipped = /^(?:\.git|\.local|node_modules|pins)$/;
  cpSync(projectRoot, folder, {
    recursive: true,
    filter: (path) => !skipped.test(relative(projectRoot, path)),
  });
  writeFiles(folder, files);
  git(folder, "init", "--quiet");
  commitAll(folder, "1.0.0");
  git(folder, "tag", "v1.0.0");
  change(folder);
  commitAll(folder, "1.1.0");
  git(folder, "tag", "v1.1.0");
}

/** What `pulumi new` makes of a version of the upstream: its files without its history, and a Pulumi.yaml of its own. */
export function pulumiNew(upstream: string, tag: string, folder: string, name: string): void {
  const template = `${folder}-template`;
  git(upstream, "worktree", "add", "--quiet", template, tag);
  rmSync(join(template, ".git"));
  const home = `${folder}-home`;
  mkdirSync(home);
  const env = { PATH: process.env["PATH"], HOME: home, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const words = ["--generate-only", "--yes", "--dir", folder, "--name", name, "--description", "Ours"];
  execFileSync(toolchainPaths().pulumi, ["new", ...words, template], {
    env: { ...env, PULUMI_BACKEND_URL: `file://${home}` },
    stdio: "pipe",
  });
}

/** In place of `npm ci`. What the project keeps of its own bundles is not shared. */
export function linkPackages(folder: string): void {
  mkdirSync(join(folder, "node_modules"));
  for (const name of readdirSync(join(projectRoot, "node_modules"))) {
    if (name === ".cache") continue;
    symlinkSync(join(projectRoot, "node_modules", name), join(folder, "node_modules", name));
  }
}

export function writeFiles(folder: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

export function commitAll(folder: string, message: string): void {
  git(folder, "add", "--all");
  git(folder, "commit", "--quiet", "--message", message);
}

/** Git without the settings of whoever runs the tests. */
const nobody = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Jane",
  GIT_AUTHOR_EMAIL: "jane@acme.test",
  GIT_COMMITTER_NAME: "Jane",
  GIT_COMMITTER_EMAIL: "jane@acme.test",
  LC_ALL: "C",
};
