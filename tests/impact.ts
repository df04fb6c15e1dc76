/**
 * `npm run impact-test`: what an impact preview of many users takes. Prints users a second and the peak memory of all processes of
 * the command together, and ends with 1 where issue 9's bounds do not hold: a million users in less than a minute on two cores,
 * with less than 300 MB, and no more than a tenth away from that at 100,000.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../lib/project.ts";
import { configNamespace } from "../stack/read-config.ts";
import { treeMemory, treeSeconds } from "./impact/process-tree.ts";
import { writeUsers } from "./impact/write-users.ts";

interface Run {
  readonly users: number;
  readonly seconds: number;
  /** Processor time, which says more on a machine that has other things to do. */
  readonly cpuSeconds: number;
  /** In MB; the sum over all processes at the worst moment. */
  readonly peak: number;
}

const bounds = { seconds: 60, peak: 300, spread: 0.1 };
const sampleEveryMs = 50;

async function main(): Promise<void> {
  const named = process.argv.slice(2).map(Number);
  const sizes = named.length === 0 ? [10_000, 100_000, 1_000_000] : named;
  const folder = mkdtempSync(join(tmpdir(), "user-pictures-impact-"));
  try {
    for (const [name, gravatar] of [
      ["before", "keep"],
      ["after", "fallback"],
    ] as const) {
      writeFileSync(join(folder, `Pulumi.${name}.yaml`), stackFile(gravatar));
    }
    const runs: Run[] = [];
    for (const users of sizes) {
      const run = await measured(folder, users);
      runs.push(run);
      const { seconds, cpuSeconds, peak } = run;
      process.stdout.write(
        `${users.toLocaleString("en-US").padStart(10)} users: ${seconds.toFixed(1)} s, ` +
          `${Math.round(users / seconds).toLocaleString("en-US")} users a second, ${cpuSeconds.toFixed(1)} s of processor time, peak ${peak.toFixed(0)} MB\n`,
      );
    }
    const broken = brokenBounds(runs);
    for (const line of broken) process.stdout.write(`${line}\n`);
    process.exitCode = broken.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measured(folder: string, users: number): Promise<Run> {
  const file = join(folder, "users.json");
  await writeUsers(file, users);
  const args = ["cli/pictures.js", "impact", "--stack", "after", "--against", "before", "--users", file];
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...args, "--json", "--sample", "0"], {
    cwd: projectRoot,
    env: { ...process.env, PICTURES_STACK_FOLDER: folder },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  let peak = 0;
  let cpuSeconds = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, treeMemory(child.pid ?? 0));
    cpuSeconds = Math.max(cpuSeconds, treeSeconds(child.pid ?? 0));
  }, sampleEveryMs);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  clearInterval(timer);
  const seconds = (performance.now() - startedAt) / 1000;
  const report = JSON.parse(out) as { users?: number; changed?: number };
  if (code !== 0 || report.users !== users || report.changed === 0) {
    throw new Error(`The run over ${users} users ended with ${code ?? "a signal"}: ${out.slice(0, 500)}`);
  }
  return { users, seconds, cpuSeconds, peak: peak / 1e6 };
}

function brokenBounds(runs: readonly Run[]): string[] {
  const largest = runs.find(({ users }) => users === 1_000_000);
  if (largest === undefined) return [];
  const tenth = runs.find(({ users }) => users === 100_000);
  const found: string[] = [];
  const cores = availableParallelism();
  if (largest.seconds * Math.min(cores / 2, 1) > bounds.seconds)
    found.push(`A million users took more than ${bounds.seconds} s.`);
  if (largest.peak > bounds.peak) found.push(`The peak is above ${bounds.peak} MB.`);
  if (tenth !== undefined && Math.abs(tenth.peak / largest.peak - 1) > bounds.spread) {
    found.push("The peaks at 100,000 and at a million users are more than a tenth apart.");
  }
  return found;
}

function stackFile(gravatar: string): string {
  const values = {
    auth0Domain: "acme-dev.eu.auth0.com",
    awsAccountId: '"123456789012"',
    awsRegion: "eu-central-1",
    imageBucket: "acme-dev-user-pictures",
    gravatar,
  };
  const lines = Object.entries(values).map(([key, value]) => `  ${configNamespace}:${key}: ${value}`);
  return ["config:", ...lines, ""].join("\n");
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
