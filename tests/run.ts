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
 * Folders whose tests have a process of their own, those first that take longest. The rest of the tests is one more part. What a part
 * prints comes in one piece when it ends.
 */
const folders = [
  "tests/e2e",
  "tests/cli/bulk",
  "tests/browser",
  "tests/tenant",
  "tests/cli/console",
  "tests/cli/people",
  "tests/sandbox",
  "tests/cli/certify",
  "tests/cli/impact",
  "tests/local",
  "tests/plugins",
  "tests/conformance",
];

/** A test waits for other processes for a third of its time: three parts keep two cores busy. */
const atOnce = 3;

/** `npm test`: everything there is to check; its last line is what all of it counted. */
async function main(): Promise<void> {
  await ensureToolchain({ progress: (line) => process.stdout.write(`${line}\n`) });
  const checks = Object.entries(staticChecks).map(
    ([name, args]) =>
      () =>
        runStaticCheck(name, args),
  );
  const restPart = ["tests/**/*.test.ts", ...folders.flatMap((folder) => ["--ignore", `${folder}/**`])];
  const parts = [
    () => runMocha("the other tests", restPart),
    ...folders.map((folder) => () => runMocha(folder, [`${folder}/**/*.test.ts`])),
  ];
  const checked = await runAll([...checks, ...parts]);
  const sum = (count: keyof MochaCounts) => checked.reduce((total, counts) => total + counts[count], 0);
  const [passed, failed, skipped] = [sum("passed"), sum("failed"), sum("skipped")];
  process.exitCode = failed === 0 && passed > checks.length ? 0 : 1;
  process.stdout.write(`${countWords({ passed, failed, skipped })}\n`);
}

/** Runs a few at a time, in order. */
async function runAll(parts: readonly (() => Promise<MochaCounts>)[]): Promise<readonly MochaCounts[]> {
  const waiting = [...parts];
  const counted: MochaCounts[] = [];
  const work = async (): Promise<void> => {
    for (let run = waiting.shift(); run !== undefined; run = waiting.shift()) counted.push(await run());
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return counted;
}

function countWords({ passed, failed, skipped }: MochaCounts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

async function runStaticCheck(name: string, args: readonly string[]): Promise<MochaCounts> {
  const { code, output } = await run(args);
  process.stdout.write(`${output}${code === 0 ? "✔" : "✖"} ${name}\n`);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

/** Arguments after `npm test --` go to mocha: `npm test -- --grep gravatar`. */
async function runMocha(name: string, files: readonly string[]): Promise<MochaCounts> {
  const folder = mkdtempSync(join(tmpdir(), "user-pictures-counts-"));
  const file = join(folder, "counts.json");
  const startedAt = performance.now();
  try {
    const reporter = [
      "--reporter",
      join(__dirname, "count-reporter.ts"),
      "--reporter-option",
      `counts=${file}`,
    ];
    const mocha = join(root, "node_modules/mocha/bin/mocha.js");
    const { code, output } = await run([mocha, ...files, ...reporter, ...process.argv.slice(2)]);
    const counts = countsIn(file, code);
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    process.stdout.write(`${output}${name}, ${seconds} s: ${countWords(counts)}\n\n`);
    return counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What mocha wrote. */
function countsIn(file: string, code: number): MochaCounts {
  try {
    const counts = JSON.parse(readFileSync(file, "utf8")) as MochaCounts;
    // Something broke after the last test.
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } catch {
    // Mocha did not get to its end: a file does not load, or it was killed. Its own message says it.
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

interface Ended {
  readonly code: number;
  /** What it said on both outputs, in the order in which it came. */
  readonly output: string;
}

/** The output goes to a file: a process that a test left behind would keep a pipe open. */
async function run(args: readonly string[]): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), "user-pictures-output-"));
  const file = join(folder, "output");
  const fd = openSync(file, "a");
  try {
    const code = await new Promise<number>((resolve) => {
      const child = spawn(process.execPath, args, {
        cwd: root,
        stdio: ["ignore", fd, fd],
        // Something that a test left open keeps mocha from ending: that is a failure, not a reason to hang.
        timeout: longestMs,
        killSignal: "SIGKILL",
      });
      child.once("error", () => {
        resolve(1);
      });
      child.once("exit", (exitCode) => {
        resolve(exitCode ?? 1);
      });
    });
    return { code, output: readFileSync(file, "utf8") };
  } finally {
    closeSync(fd);
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.stdout.write("0 passed, 1 failed, 0 skipped\n");
  process.exitCode = 1;
});
