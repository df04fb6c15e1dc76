import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome"];

/** A download of some hundred MB. */
const installLimitMs = 300_000;

export interface ChromiumSearch {
  /** Folders as in the environment's `PATH`, which is the default. */
  readonly path?: string;
  /** Whether a package may be installed; by default for root on a Debian. */
  readonly mayInstall?: boolean;
}

/**
 * The path of a Chromium. Where there is none, its Debian package is installed if that is possible; undefined where it
 * is not.
 */
export function ensureChromium({
  path = process.env["PATH"] ?? "",
  mayInstall = isDebianRoot(),
}: ChromiumSearch = {}): string | undefined {
  const found = findChromium(path);
  if (found !== undefined || !mayInstall) return found;
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", "chromium"]]) {
    spawnSync("apt-get", ["-qq", ...args], {
      stdio: "ignore",
      timeout: installLimitMs,
      env: { ...process.env, PATH: path, DEBIAN_FRONTEND: "noninteractive" },
    });
  }
  return findChromium(path);
}

function findChromium(path: string): string | undefined {
  const folders = path.split(delimiter).filter((folder) => folder !== "");
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((file) => existsSync(file));
}

function isDebianRoot(): boolean {
  return process.getuid?.() === 0 && existsSync("/etc/debian_version");
}

/** As root without a sandbox of its own, and silent: nothing that the browser itself would ask of the network. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A headless browser with an empty profile, which is gone when it is closed. It ends with this process. */
export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, headless: true, args: flags });
}
