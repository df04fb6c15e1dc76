import { exampleStacks } from "../stack/example-stacks.ts";
import { recordProgram, type ProgramSurroundings, type RecordedProgram } from "./record-program.ts";

/** The environments that the repository has an example of; `local` is generated. */
export const environments = ["dev", "staging", "prod"] as const;

export type EnvironmentName = (typeof environments)[number];

/** AWS's own examples of accounts: those of our examples are refused together with their tenants. */
const accounts = { dev: "111122223333", staging: "444455556666", prod: "777788889999" } as const;

/**
 * What a run of an environment finds: the values of its example whatever its stack file says, since a copy of the repository has
 * its own there; and credentials that are the tenant's and the account's.
 */
export function surroundingsOf(stack: EnvironmentName): ProgramSurroundings {
  const awsAccountId = accounts[stack];
  const config: Record<string, string> = { ...exampleStacks[stack], awsAccountId };
  return { stack, config, awsAccountId, env: { AUTH0_API_TOKEN: tokenOf(config["auth0Domain"] ?? "") } };
}

/** @throws as recordProgram does. */
export function recordStack(stack: EnvironmentName): Promise<RecordedProgram> {
  return recordProgram(surroundingsOf(stack));
}

/** As a tenant's Management API token names its issuer; nobody checks its signature here. */
function tokenOf(domain: string): string {
  return `e30.${Buffer.from(JSON.stringify({ iss: `https://${domain}/` })).toString("base64url")}.x`;
}
