import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { envVar, type Environment } from "../../lib/environment.ts";
import { isExecutable } from "../../lib/executables.ts";
import { ToolchainError, type BuildContext, type Installer } from "./artifact.ts";
import { megabytes } from "./download-file.ts";
import { mirrorOf } from "./mirror.ts";
import { elapsed, runSupervised, type RunResult } from "./run-supervised.ts";

/** A resource plugin of Pulumi's own. */
export interface PluginOptions {
  /** For people: name and version. */
  readonly title: string;
  readonly name: string;
  readonly version: string;
  /** The CLI that installs it. */
  readonly pulumi: string;
  /** Milliseconds after which it is ended when nothing more arrives. */
  readonly silence?: number;
}

const progressInterval = 3000;

/** Where it puts the archive before it unpacks it. */
const temporary = "tmp";

/**
 * Pulumi's own installer, as every `pulumi up` uses it: from the plugin's GitHub release or from get.pulumi.com over TLS, or from
 * the mirror. It takes HTTPS_PROXY and NO_PROXY by itself, and begins anew when the connection breaks.
 */
export function pluginInstaller(options: PluginOptions): Installer {
  return {
    command: "pulumi plugin install",
    hosts: ["github.com", "get.pulumi.com"],
    install: (context) => installPlugin(options, context),
  };
}

/** The folder becomes a home of Pulumi's with nothing in it but the plugin, which is then where a toolchain has it. */
async function installPlugin(
  { title, name, version, pulumi, silence = 60_000 }: PluginOptions,
  { folder, env, progress }: BuildContext,
): Promise<void> {
  if (!isExecutable(pulumi)) {
    throw new ToolchainError("DOWNLOAD_FAILED", "it needs the Pulumi CLI, which is missing too");
  }
  const mirror = mirrorOf(env);
  const source = mirror === undefined ? "github.com or get.pulumi.com" : new URL(mirror).host;
  progress(`Installing ${title} from ${source} by \`pulumi plugin install\` ...`);
  const started = Date.now();
  await mkdir(join(folder, temporary));
  const server = mirror === undefined ? [] : ["--server", mirror];
  const result = await runWhileGrowing(
    pulumi,
    [
      "plugin",
      "install",
      "resource",
      name,
      `v${version}`,
      "--exact",
      "--non-interactive",
      "--color=never",
      ...server,
    ],
    {
      folder,
      env: {
        ...env,
        ...(await goTrust(env, folder)),
        PULUMI_HOME: folder,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        TMPDIR: join(folder, temporary),
      },
      silence,
      onBytes: (bytes) => progress(`... ${title}: ${megabytes(bytes)}`),
    },
  );
  if (result.code !== 0) throw failure(result, source, silence);
  progress(`Installed ${title} in ${elapsed(started)}`);
}

/** Programs in Go have a variable of their own for the authorities that NODE_EXTRA_CA_CERTS adds to Node's. */
async function goTrust(env: Environment, folder: string): Promise<Environment> {
  const extra = envVar(env, "NODE_EXTRA_CA_CERTS");
  if (extra === undefined) return {};
  const own = envVar(env, "SSL_CERT_FILE");
  try {
    const known = own === undefined ? rootCertificates.join("\n") : await readFile(own, "utf8");
    const file = join(folder, "authorities.pem");
    await writeFile(file, `${known}\n${await readFile(extra, "utf8")}`);
    return { SSL_CERT_FILE: file };
  } catch {
    // As Node does with a file that it cannot read; the installer's own message says that the certificate is not trusted.
    return {};
  }
}

interface WatchedRun {
  readonly folder: string;
  readonly env: Environment;
  readonly silence: number;
  readonly onBytes: (bytes: number) => void;
}

/** The installer's result, and whether it was ended because nothing more arrived. */
interface WatchedResult extends RunResult {
  readonly isStuck: boolean;
}

/** The installer tells nothing of its progress to who is not a terminal, and waits for a silent server without end. */
async function runWhileGrowing(
  command: string,
  args: readonly string[],
  { folder, env, silence, onBytes }: WatchedRun,
): Promise<WatchedResult> {
  const stuck = new AbortController();
  let seen = { bytes: 0, since: performance.now() };
  let shownAt = performance.now();
  const look = async () => {
    const arrived = await bytesIn(join(folder, temporary));
    const bytes = arrived + (await bytesIn(join(folder, "plugins")));
    const now = performance.now();
    if (bytes !== seen.bytes) seen = { bytes, since: now };
    else if (now - seen.since > silence) stuck.abort();
    if (now - shownAt < progressInterval) return;
    shownAt = now;
    onBytes(arrived);
  };
  const ticker = setInterval(() => void look(), Math.min(1000, silence / 3));
  try {
    const result = await runSupervised(command, args, { cwd: folder, env, signal: stuck.signal });
    return { ...result, isStuck: stuck.signal.aborted };
  } finally {
    clearInterval(ticker);
  }
}

/** Files that are gone in between count as nothing. */
async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => undefined);
      return found?.isFile() === true ? found.size : 0;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function failure({ lastLines, isStuck }: WatchedResult, source: string, silence: number): ToolchainError {
  if (isStuck) {
    const why = `nothing arrived for ${silence / 1000} s. Try again later.`;
    return new ToolchainError("DOWNLOAD_FAILED", `from ${source}: ${why}`);
  }
  // The last error only says how often it tried.
  const causes = lastLines.flatMap((line) => /^(?:warning|error): (.+)$/.exec(line)?.[1] ?? []);
  const tried = "Error downloading plugin: ";
  const cause = causes.find((line) => line.startsWith(tried)) ?? causes.at(-1) ?? lastLines.join(" ");
  return new ToolchainError(
    "DOWNLOAD_FAILED",
    `from ${source}: ${cause.replace(tried, "")}${cause.includes("x509:") ? untrustedAdvice : ""}`,
  );
}

/** On macOS programs in Go trust the keychain and nothing else. */
const untrustedAdvice =
  process.platform === "darwin"
    ? ". If your company's proxy made that certificate, its authority has to be in the keychain."
    : ". If your company's proxy made that certificate, name the file of its authority in NODE_EXTRA_CA_CERTS.";
