/** `npm run drift-matrix`: changes every property that the program sets from outside, one at a time: found and fixed? */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import type { Drift } from "../cli/drift/drift.ts";
import { runMain } from "../cli/run-command.ts";
import { startLocalWorld, type LocalWorld } from "../local/start/local-world.ts";
import { requirePulumi } from "../local/start/run-pulumi.ts";
import { outsideChanges, untested } from "./drift-matrix/outside-changes.ts";
import { outsideOf, type Outside } from "./drift-matrix/outside.ts";
import { recordedProperties, type RecordedProperty } from "./drift-matrix/recorded-properties.ts";
import { runPictures } from "./e2e/run-pictures.ts";

const up = ["up", "--yes", "--skip-preview"];
const print = (line: string) => process.stdout.write(`${line}\n`);

async function onWorld<T>(play: (world: LocalWorld) => Promise<T>): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), "user-pictures-drift-"));
  const world = await startLocalWorld({ root, tenantPort: 0, s3Port: 0, progress: () => undefined });
  try {
    await requirePulumi(world, ["stack", "init", "local"]);
    await requirePulumi(world, up);
    return await play(world);
  } finally {
    await world.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

async function drift(world: LocalWorld): Promise<Drift> {
  const { code, out, output } = await runPictures(world, "drift", "--format", "json");
  if (code !== 0 && code !== 2) throw new Error(`pictures drift ended with ${code}: ${output}`);
  return JSON.parse(out) as Drift;
}

/** Runs the commands that a finding names, as a person would; `pictures` is this clone's. */
async function applyFix(world: LocalWorld, commands: string): Promise<void> {
  for (const command of commands.split(", then ")) {
    const [program = "", ...args] = command.split(" ").map((word) => word.replace(/^'(.*)'$/, "$1"));
    if (program === "pictures") {
      const { code, output } = await runPictures(world, ...args, "--yes");
      if (code !== 0) throw new Error(`${command}: ${output}`);
    } else {
      const sure = args[0] === "up" ? ["--yes", "--skip-preview"] : [];
      await pulumi(world, [...args, ...sure]);
    }
  }
}

function pulumi(world: LocalWorld, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const flags = ["--non-interactive", "--color=never"];
    const options = { env: world.environment(), maxBuffer: 64 * 1024 * 1024 };
    execFile(join(world.folder.bin, "pulumi"), [...args, ...flags], options, (error, stdout, stderr) => {
      if (error === null) resolve();
      else reject(new Error(`pulumi ${args.join(" ")}: ${stdout}${stderr}`));
    });
  });
}

/** What became of one property; what an earlier one left unfixed would show here. */
async function tryProperty(world: LocalWorld, outside: Outside, property: RecordedProperty): Promise<string> {
  const change = outsideChanges[property.id];
  if (change === undefined) {
    const why = untested[property.id] ?? untested[property.type];
    return why === undefined ? "FAILED: no change from outside is written for it" : `untested: ${why}`;
  }
  try {
    await change(outside, property.name);
    const { findings, unknown } = await drift(world);
    const [first] = findings;
    if (first === undefined) return `FAILED: not found${unknown.length > 0 ? ", not known" : ""}`;
    for (const command of new Set(findings.map((finding) => finding.mend))) await applyFix(world, command);
    const told = findings.map((finding) => `${finding.code} (${finding.resource}, ${finding.property})`);
    const left = (await drift(world)).findings;
    const outcome = left.length === 0 ? "fixed" : `FAILED: left ${left.map(({ code }) => code).join(", ")}`;
    return `${outcome} by ${first.mend}: ${told.join("; ")}`;
  } catch (error) {
    return `FAILED: ${String(error)}`;
  }
}

async function matrix(world: LocalWorld, only: string): Promise<number> {
  const outside = await outsideOf(world);
  const results: string[] = [];
  try {
    for (const property of await recordedProperties(world)) {
      if (!property.id.includes(only)) continue;
      const result = await tryProperty(world, outside, property);
      results.push(result);
      print(`${property.id.padEnd(80)} ${result}`);
    }
  } finally {
    await outside.close();
  }
  const count = (word: string) => results.filter((result) => result.startsWith(word)).length;
  print(`${count("fixed")} found and fixed, ${count("untested")} untested, ${count("FAILED")} failed`);
  return count("FAILED");
}

/** Nothing is changed, and so nothing may be found. */
async function quietRuns(world: LocalWorld, runs: number): Promise<number> {
  let findings = 0;
  for (let run = 0; run < runs; run += 1) {
    const found = await drift(world);
    findings += found.findings.length + found.unknown.length;
  }
  print(`${runs} runs without a change: ${findings} findings`);
  return findings;
}

const command = new Command("drift-matrix")
  .option("--only <part>", "only properties whose type and path contain this", "")
  .option("--quiet-runs <count>", "instead: look this often without changing anything", Number, 0)
  .action(async ({ only, quietRuns: runs }: { readonly only: string; readonly quietRuns: number }) => {
    const failures = await onWorld((world) => (runs > 0 ? quietRuns(world, runs) : matrix(world, only)));
    if (failures > 0) process.exitCode = 1;
  });

runMain(command);
