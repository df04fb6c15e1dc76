import { mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { BuildContext, Environment } from "./artifact.ts";
import { findGo } from "./find-go.ts";
import { runSupervised } from "./run-supervised.ts";
import { ToolchainError } from "./toolchain-error.ts";

/** A command built from a Go module. */
export interface GoCommand {
  /** For people: what is being built. */
  readonly title: string;
  /** Folder of the module: absolute, or below toolchain/go/. */
  readonly module: string;
  /** The command's package, as `go build` takes it. */
  readonly package: string;
  /** Go variables that the linker sets, by their full name. */
  readonly variables: Readonly<Record<string, string>>;
  /** Where the executable belongs in the toolchain. */
  readonly output: string;
  /** What a first build took on two cores, downloads included, in minutes. */
  readonly minutes: number;
}

const progressInterval = 30_000;

/**
 * Builds one command into the context's folder. GOPROXY, GOFLAGS and the like stay the user's own.
 * Throws GO_MISSING, GO_TOO_OLD, or BUILD_FAILED with the end of what `go build` printed.
 */
export async function buildGo(command: GoCommand, { folder, env, progress }: BuildContext): Promise<void> {
  const toolchain = await findGo(env);
  const output = join(folder, command.output);
  await mkdir(dirname(output), { recursive: true });
  progress(`Building ${command.title} from its Go module (about ${command.minutes} min, once) ...`);
  const started = Date.now();
  const ticker = setInterval(() => {
    progress(`... still building ${command.title} (${elapsed(started)})`);
  }, progressInterval);
  try {
    const { code, lastLines } = await runSupervised(
      "go",
      [
        "build",
        "-trimpath",
        "-buildvcs=false",
        "-ldflags",
        linkerFlags(command),
        "-o",
        output,
        command.package,
      ],
      { cwd: resolve(__dirname, "go", command.module), env: buildEnvironment(env, folder, toolchain) },
    );
    if (code !== 0) {
      throw new ToolchainError("BUILD_FAILED", `go build failed:\n${indented(lastLines)}`);
    }
  } finally {
    clearInterval(ticker);
  }
  progress(`Built ${command.title} in ${elapsed(started)}`);
}

function linkerFlags({ variables }: GoCommand): string {
  const settings = Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`);
  return ["-s", "-w", ...settings].join(" ");
}

function buildEnvironment(env: Environment, folder: string, toolchain: object): Environment {
  return {
    ...env,
    ...toolchain,
    CGO_ENABLED: "0",
    // A workspace file above this project, or a target left over from a cross-compilation, must not interfere.
    GOWORK: "off",
    GOOS: process.platform,
    GOARCH: process.arch === "x64" ? "amd64" : process.arch,
    GOTMPDIR: folder,
  };
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `        ${line}`).join("\n");
}

function elapsed(started: number): string {
  const seconds = Math.round((Date.now() - started) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
