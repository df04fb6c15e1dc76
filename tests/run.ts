import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureToolchain } from "../toolchain/ensure-toolchain.ts";

const root = join(__dirname, "..");

/** What tests/count-reporter.ts writes. */
interface MochaCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Several times what the slowest of them takes on two cores. */
const longestMs = 30 * 60 * 1000;

/** The checks that are no mocha tests; each counts as one. */
const staticChecks = {
  format: ["prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."],
  lint: ["eslint/bin/eslint.js", "."],
  types: ["typescript/bin/tsc", "--noEmit"],
} as const;

/** `npm test`: everything there is to check; its last line is what all of it counted. */
async function main(): Promise<void> {
  await ensureToolchain({ progress: (line) => process.stdout.write(`${line}\n`) });
  const results = await Promise.all(Object.entries(staticChecks).map(([name, args]) => check(name, args)));
  const counts = await runMocha();
  const failedChecks = results.filter((passed) => !passed).length;
  const passed = counts.passed + results.length - failedChecks;
  const failed = counts.failed + failedChecks;
  process.exitCode = failed === 0 && counts.passed > 0 ? 0 : 1;
  process.stdout.write(`${passed} passed, ${failed} failed, ${counts.skipped} skipped\n`);
}

async function check(name: string, [module, ...args]: readonly [string, ...string[]]): Promise<boolean> {
  const code = await run([join(root, "node_modules", module), ...args]);
  process.stdout.write(`${code === 0 ? "✔" : "✖"} ${name}\n`);
  return code === 0;
}

/** Arguments after `npm test --` go to mocha: `npm test -- --grep gravatar`. */
async function runMocha(): Promise<MochaCounts> {
  const folder = mkdtempSync(join(tmpdir(), "user-pictures-counts-"));
  const counts = join(folder, "counts.json");
  try {
    const reporter = [
      "--reporter",
      join(__dirname, "count-reporter.ts"),
      "--reporter-option",
      `counts=${counts}`,
    ];
    const code = await run([
      join(root, "node_modules/mocha/bin/mocha.js"),
      "tests/**/*.test.ts",
      ...reporter,
      ...process.argv.slice(2),
    ]);
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

function run(args: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      // Something that a test left open keeps mocha from ending: that is a failure, not a reason to hang.
      timeout: longestMs,
      killSignal: "SIGKILL",
    });
    child.once("error", () => resolve(1));
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.stdout.write("0 passed, 1 failed, 0 skipped\n");
  process.exitCode = 1;
});
