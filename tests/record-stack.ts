import { join } from "node:path";
import { projectRoot } from "../lib/project.ts";
import { configNamespace } from "../stack/read-config.ts";
import { readStackFile } from "../stack/stack-file.ts";
import { recordProgram, type ProgramSurroundings, type RecordedProgram } from "./record-program.ts";

/** The environments that have a stack file in the repository; `local` is generated. */
export const environments = ["dev", "staging", "prod"] as const;

export type EnvironmentName = (typeof environments)[number];

/** What a run of an environment finds: its own stack file, and credentials that are the tenant's and the account's. */
export function surroundingsOf(stack: EnvironmentName): ProgramSurroundings {
  const prefix = `${configNamespace}:`;
  const file = readStackFile(join(projectRoot, `Pulumi.${stack}.yaml`));
  const keys = Object.entries(file).filter(([key]) => key.startsWith(prefix));
  const config = Object.fromEntries(keys.map(([key, text]) => [key.slice(prefix.length), text]));
  const { auth0Domain = "", awsAccountId = "" } = config as Record<string, string | undefined>;
  return { stack, config, awsAccountId, env: { AUTH0_API_TOKEN: tokenOf(auth0Domain) } };
}

/** @throws as recordProgram does. */
export function recordStack(stack: EnvironmentName): Promise<RecordedProgram> {
  return recordProgram(surroundingsOf(stack));
}

/** As a tenant's Management API token names its issuer; nobody checks its signature here. */
function tokenOf(domain: string): string {
  return `e30.${Buffer.from(JSON.stringify({ iss: `https://${domain}/` })).toString("base64url")}.x`;
}
