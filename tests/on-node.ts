import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { describeFailure, UsageError } from "../lib/errors.ts";
import { projectRoot, typescriptLoader } from "../lib/project.ts";
import { ensureNode } from "../local/toolchain/ensure-node.ts";
import { nodes } from "../local/toolchain/pins.ts";

/**
 * `npm run test-node -- MAJOR [MOCHA ARGUMENT ...]`: all of `npm test`, run by another Node than the installed one. The last line
 * and the exit code are those of `npm test`.
 */
async function main([major, ...rest]: readonly string[]): Promise<number> {
  const pinned = isMajor(major) ? nodes[major] : undefined;
  if (pinned === undefined) {
    const majors = Object.keys(nodes);
    const what = major === undefined ? "The version of Node is missing" : `There is no Node ${major} here`;
    throw new UsageError(
      "bad-usage",
      `${what}: it must be ${majors.slice(0, -1).join(", ")} or ${majors.at(-1) ?? ""}.\n` +
        "Usage: npm run test-node -- MAJOR [MOCHA ARGUMENT ...]",
    );
  }
  const bin = await ensureNode(pinned, { progress: (line) => process.stdout.write(`${line}\n`) });
  process.stdout.write(`Node ${pinned.version}: ${join(bin, "node")}\n`);
  return testWith(bin, rest);
}

function isMajor(text = ""): text is keyof typeof nodes {
  return Object.hasOwn(nodes, text);
}

function testWith(bin: string, args: readonly string[]): Promise<number> {
  const node = join(bin, "node");
  const env = {
    ...process.env,
    PATH: [bin, process.env["PATH"]].join(delimiter),
    // As npm tells its scripts which Node runs it.
    NODE: node,
    npm_node_execpath: node,
  };
  const program = ["--require", typescriptLoader, join(projectRoot, "tests/run.ts"), ...args];
  return new Promise((resolve, reject) => {
    const child = spawn(node, program, { cwd: projectRoot, env, stdio: "inherit" });
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${describeFailure(error)}\n`);
    if (error instanceof UsageError) process.exitCode = 3;
    else {
      process.stdout.write("0 passed, 1 failed, 0 skipped\n");
      process.exitCode = 1;
    }
  },
);
