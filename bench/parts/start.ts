import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { projectRoot } from "../../lib/project.ts";
import { freePort } from "../../local/s3/start-s3.ts";
import { compare, interleave, type ComparisonPlan } from "../comparison.ts";
import { runTimed } from "../run-timed.ts";
import { emptyProgram, newStack } from "../subjects/empty-program.ts";
import type { BenchWorld, Part } from "../world/bench-world.ts";

const names = {
  start: "npm start, until the table of logins",
  empty: "empty TypeScript: pulumi stack init and pulumi up",
} as const;

const plans: readonly ComparisonPlan[] = [
  { name: "start/warm", unit: "s", ours: names.start, against: names.empty },
];

/** The wait of a new user: this project's whole local world, next to Pulumi with nothing to do. */
export const startPart: Part = {
  plans,
  measure: async (bench, options) => {
    const empty = await emptyProgram({
      language: "typescript",
      folder: join(bench.root, "empty-start"),
      toolchain: bench.toolchain,
      runId: bench.world.runId,
    });
    const samples = await interleave(
      [
        { name: names.start, run: async () => ({ s: await start(bench) }) },
        { name: names.empty, run: async () => ({ s: await newStack(empty) }) },
      ],
      options,
    );
    return compare(options.plans, samples);
  },
};

/** The first round makes the certificates and builds the stand-in for AWS: the others find them in the folder. */
async function start({ root, world }: BenchWorld): Promise<number> {
  const port = await portWithSuccessor();
  const { seconds } = await runTimed({
    command: "npm",
    args: ["start", "--", "--exit", "--port", String(port), "--folder", join(root, "start")],
    cwd: projectRoot,
    env: process.env,
    runId: world.runId,
    until: /^user\s+root picture/m,
  });
  return seconds;
}

/** `npm start` takes a second port, 1,000 above. */
async function portWithSuccessor(): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (port <= 64_000 && (await isFree(port + 1000))) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
