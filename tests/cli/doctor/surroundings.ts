import type { Facts, Surroundings } from "../../../cli/doctor/check.ts";
import type { RunPulumi } from "../../../cli/pulumi/run-pulumi.ts";

import { configNamespace } from "../../../stack/read-config.ts";
import { readStack } from "../../../stack/read-stack.ts";
import { surroundingsOf } from "../../record-stack.ts";

/** Stack `dev` of this project, with nothing else around it than what a test gives. */
export function surroundings(changes: Partial<Surroundings> = {}): Surroundings {
  const pulumi: RunPulumi = () => Promise.reject(new Error("pulumi must not run here"));
  return { stack: "dev", env: {}, pulumi, nodeVersion: "20.20.0", ...changes };
}

/** A pulumi that prints the same, whatever it is asked. */
export function printing(stdout: string, code = 0): RunPulumi {
  return () => Promise.resolve({ code, stdout, stderr: "" });
}

/** What is known of a stack `dev` with a tenant and an account of somebody, once its configuration was read. */
export async function factsOfDev(changes: Facts = {}): Promise<Facts> {
  const entries = Object.entries(surroundingsOf("dev").config);
  const all = entries.map(([key, text]) => [`${configNamespace}:${key}`, text]);
  return { config: await readStack("dev", Object.fromEntries(all) as Record<string, string>), ...changes };
}
