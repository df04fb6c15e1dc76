import { join } from "node:path";
import { checkConfig } from "../../../cli/doctor/check-stack.ts";
import type { Facts, Surroundings } from "../../../cli/doctor/check.ts";
import type { RunPulumi } from "../../../cli/pulumi/run-pulumi.ts";
import { projectRoot } from "../../../lib/project.ts";

/** Stack `dev` of this project, with nothing else around it than what a test gives. */
export function surroundings(changes: Partial<Surroundings> = {}): Surroundings {
  const pulumi: RunPulumi = () => Promise.reject(new Error("pulumi must not run here"));
  return { stack: "dev", env: {}, pulumi, nodeVersion: "20.20.0", ...changes };
}

/** A pulumi that prints the same, whatever it is asked. */
export function printing(stdout: string, code = 0): RunPulumi {
  return () => Promise.resolve({ code, stdout, stderr: "" });
}

/** What is known of stack `dev` once its configuration was read. */
export async function factsOfDev(changes: Facts = {}): Promise<Facts> {
  const facts: Facts = {};
  await checkConfig.run(surroundings({ env: { PICTURES_STACK_FOLDER: join(projectRoot) } }), facts);
  return { ...facts, ...changes };
}
