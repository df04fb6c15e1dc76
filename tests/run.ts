import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { typescriptLoader } from "../lib/project.ts";
import { ensureToolchain } from "../local/toolchain/ensure-toolchain.ts";

const root = join(__dirname, "..");

/** What tests/count-reporter.ts writes. */
interface MochaCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Several times what the slowest of them takes on two cores. */
const longestMs = 40 * 60 * 1000;

/** The checks that are no mocha tests; each counts as one. */
const staticChecks = {
  format: ["node_modules/prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."],
  lint: ["node_modules/eslint/bin/eslint.js", "."],
  types: ["node_modules/typescript/bin/tsc", "--noEmit"],
  "types in the browser": ["node_modules/typescript/bin/tsc", "--noEmit", "--project", "cli/console/browser"],
  imports: ["--require", typescriptLoader, "tests/imports/main.ts"],
} as const;

/**
 * Two lanes at the same time, since each keeps one core busy. The second has the tests that wait for other processes: the engine,
 * the sandbox's, the local tenant's and the browser's, about half of all; what it prints comes in one piece when it ends.
 */
const systemTests = [
  "tests/browser",
  "tests/cli/certify",
  "tests/conformance",
  "tests/e2e",
  "tests/sandbox",
  "tests/tenant",
];

/** `npm test`: everything there is to check; its last line is what all of it counted. */
async function main(): Promise<void> {
  await ensureToolchain({ progress: (line) => process.stdout.write(`${line}\n`) });
  const [checks, units, systems] = await Promise.all([
    ...firstLane(),
    runMocha(
      systemTests.map((folder) => `${folder}/**/*.test.ts`),
      "at its end",
    ),
  ]);
  const all = [checks, units, systems];
  const sum = (count: keyof MochaCounts) => all.reduce((total, counts) => total + counts[count], 0);
  const [passed, failed, skipped] = [sum("passed"), sum("failed"), sum("skipped")];
  process.exitCode = failed === 0 && units.passed + systems.passed > 0 ? 0 : 1;
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
}

function firstLane(): [Promise<MochaCounts>, Promise<MochaCounts>] {
  const checks = runStaticChecks();
  const ignored = systemTests.flatMap((folder) => ["--ignore", `${folder}/**`]);
  return [checks, checks.then(() => runMocha(["tests/**/*.test.ts", ...ignored], "as it comes"))];
}

async function runStaticChecks(): Promise<MochaCounts> {
  let passed = 0;
  for (const [name, args] of Object.entries(staticChecks)) {
    const code = await run(args, "inherit");
    process.stdout.write(`${code === 0 ? "✔" : "✖"} ${name}\n`);
    if (code === 0) passed += 1;
  }
  return { passed, failed: Object.keys(staticChecks).length - passed, skipped: 0 };
}

/** Arguments after `npm test --` go to mocha: `npm test -- --grep gravatar`. */
async function runMocha(
  files: readonly string[],
  printing: "as it comes" | "at its end",
): Promise<MochaCounts> {
  const folder = mkdtempSync(join(tmpdir(), "user-pictures-counts-"));
  const counts = join(folder, "counts.json");
  try {
    const reporter = [
      "--reporter",
      join(__dirname, "count-reporter.ts"),
      "--reporter-option",
      `counts=${counts}`,
    ];
    const mocha = join(root, "node_modules/mocha/bin/mocha.js");
    const output = printing === "as it comes" ? "inherit" : { file: join(folder, "output") };
    const code = await run([mocha, ...files, ...reporter, ...process.argv.slice(2)], output);
    if (output !== "inherit") process.stdout.write(readFileSync(output.file));
    const counted = JSON.parse(readFileSync(counts, "utf8")) as MochaCounts;
    // Something broke after the last test.
    return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
  } catch {
    // Mocha did not get to its end: a file does not load, or it was killed. Its own message stands above.
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Where the output goes: to ours as it comes, or into this file. */
type Output = "inherit" | { readonly file: string };

function run(args: readonly string[], output: Output): Promise<number> {
  const fd = output === "inherit" ? output : openSync(output.file, "a");
  return new Promise<number>((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ["ignore", fd, fd],
      // Something that a test left open keeps mocha from ending: that is a failure, not a reason to hang.
      timeout: longestMs,
      killSignal: "SIGKILL",
    });
    child.once("error", () => resolve(1));
    child.once("exit", (code) => resolve(code ?? 1));
  }).finally(() => {
    if (fd !== "inherit") closeSync(fd);
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.stdout.write("0 passed, 1 failed, 0 skipped\n");
  process.exitCode = 1;
});
