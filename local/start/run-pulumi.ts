import { join } from "node:path";
import { ExpectedError } from "../../lib/errors.ts";
import { spawnMarked } from "../processes/marked-processes.ts";
import type { LocalWorld } from "./local-world.ts";

export interface PulumiResult {
  readonly code: number;
  /** Standard output and standard error, as they came. */
  readonly output: string;
}

/** Runs the pinned `pulumi` on stack `local`, without questions and colours; never rejects for its exit code. */
export function runPulumi(
  world: Pick<LocalWorld, "folder" | "runId" | "environment">,
  args: readonly string[],
): Promise<PulumiResult> {
  return new Promise((resolve, reject) => {
    const child = spawnMarked(
      join(world.folder.bin, "pulumi"),
      [...args, "--non-interactive", "--color=never"],
      {
        runId: world.runId,
        env: world.environment(),
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let output = "";
    const append = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout?.on("data", append);
    child.stderr?.on("data", append);
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/** @throws ExpectedError `pulumi-failed` with what it printed, where it did not exit with 0. */
export async function requirePulumi(world: LocalWorld, args: readonly string[]): Promise<string> {
  const { code, output } = await runPulumi(world, args);
  if (code === 0) return output;
  throw new ExpectedError("pulumi-failed", `pulumi ${args.join(" ")} failed with status ${code}:\n${output}`);
}
