import {
  auth0Variables,
  checkToken,
  domainIn,
  picturesVariables,
  type ManagementCredentials,
} from "../../auth0/credentials.ts";
import { requestAccess, type ManagementAccess, type ManagementAuth } from "../../auth0/management-token.ts";
import type { Environment } from "../../lib/environment.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { identityIn, refuseExample } from "../../stack/example-stacks.ts";
import { configNamespace } from "../../stack/read-config.ts";
import type { Stack } from "../../stack/read-stack.ts";
import { readStackFile, readStackNamed, stackFile } from "../../stack/stack-file.ts";
import { runPulumi, selectedStack, type RunPulumi } from "./run-pulumi.ts";
import { stackOutputs } from "./stack-config.ts";

/** A stack that a command works on: what its file says, and access to its tenant. */
export interface OpenStack extends Stack {
  /** As it was named, or as Pulumi has it selected. */
  readonly stack: string;
  readonly access: ManagementAccess;
}

/**
 * From a stack's name to a token of its tenant. It needs the stack's file and no Pulumi where the stack is named and the
 * credentials are in variables.
 *
 * @param named `--stack`; see `selectedStack` for what holds without it.
 * @throws ConfigError, or an ExpectedError: the name, the file (`stack-is-example` too), the credentials or the tenant's answer.
 */
export async function openStack(named: string | undefined, env: Environment): Promise<OpenStack> {
  const stack = await selectedStack(named, env);
  const read = await readStackNamed(stack, env);
  refuseExample(stack, read.config);
  return { stack, ...read, access: await accessTo({ stack, domain: read.config.auth0Domain }, env) };
}

/**
 * A token of a stack's tenant. Of the stack's file only `auth0Domain` is read: whatever else is wrong in it does not stop a
 * rollback.
 *
 * @throws ExpectedError `tenant-not-named`, `auth0-domain-invalid`, or what finding and using the credentials throws.
 */
export async function openTenant(stack: string, env: Environment): Promise<ManagementAccess> {
  return accessTo({ stack, domain: tenantDomain(stack, env) }, env);
}

/**
 * A token of a tenant without a stack: the credentials are in variables.
 *
 * @throws ExpectedError `auth0-credentials-missing`, `auth0-wrong-tenant`, or what the credentials and their use throw.
 */
export async function openDomain(domain: string, env: Environment): Promise<ManagementAccess> {
  const found = auth0Variables(env, domain) ?? picturesVariables(env, domain);
  if (found === undefined) {
    const message = `No credentials for ${domain}. Set AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET, AUTH0_API_TOKEN, or the PICTURES_* variables.`;
    throw new ExpectedError("auth0-credentials-missing", message);
  }
  if (found.domain === domain) return requestAccess(found);
  const message = `${found.source.replace("*", "DOMAIN")} is ${found.domain}, and --domain is ${domain}. Name the same tenant in both.`;
  throw new ExpectedError("auth0-wrong-tenant", message);
}

/**
 * The domain of a stack's tenant, of whose file nothing else is read.
 *
 * @throws ExpectedError `tenant-not-named`, `auth0-domain-invalid`, `stack-is-example`, or what reading the file throws.
 */
export function tenantDomain(stack: string, env: Environment): string {
  const values = readStackFile(stackFile(stack, env));
  refuseExample(stack, identityIn(values));
  const domain = values[`${configNamespace}:auth0Domain`];
  if (domain !== undefined && domain !== "") return domainIn(domain, "Config key auth0Domain");
  const message = `${stackFile(stack, env)} names no tenant: set auth0Domain.`;
  throw new ExpectedError("tenant-not-named", message);
}

async function accessTo(tenant: StackTenant, env: Environment): Promise<ManagementAccess> {
  return requestAccess(await findCredentials(tenant, env));
}

/** The stack that a command works on, and the tenant that its configuration names. */
export interface StackTenant {
  readonly stack: string;
  /** Config key `auth0Domain`. */
  readonly domain: string;
}

/**
 * The credentials for the stack's tenant: `AUTH0_*` variables first, then `PICTURES_*`, else the stack's outputs. A set
 * that is there in part, or another tenant's, is an error and no reason to take the next.
 *
 * @throws ExpectedError `auth0-wrong-tenant`, `auth0-credentials-refused` (an `AUTH0_API_TOKEN` that has ended) or
 *   what the places themselves throw.
 */
export async function findCredentials(
  { stack, domain }: StackTenant,
  env: Environment,
  pulumi: RunPulumi = runPulumi,
): Promise<ManagementCredentials> {
  const fromVariables = auth0Variables(env, domain) ?? picturesVariables(env, domain);
  if (fromVariables === undefined) return stackCredentials(stack, domain, pulumi);
  if (fromVariables.domain !== domain) {
    const variable = fromVariables.source.replace("*", "DOMAIN");
    throw new ExpectedError(
      "auth0-wrong-tenant",
      `${variable} is ${fromVariables.domain}, but stack ${stack} manages ${domain} (config key auth0Domain). ` +
        `Name the stack of that tenant, or use the credentials of ${domain}.`,
    );
  }
  if ("token" in fromVariables.clientAuth) await checkToken(stack, domain, fromVariables.clientAuth.token);
  return fromVariables;
}

/**
 * The Management API client that the stack created, from its outputs; where it has no secret, the private key from the
 * stack's encrypted configuration.
 *
 * @throws ExpectedError `stack-client-missing` where nothing is deployed yet, or what `stackOutputs` throws.
 */
async function stackCredentials(
  stack: string,
  domain: string,
  pulumi: RunPulumi = runPulumi,
): Promise<ManagementCredentials> {
  const outputs = await stackOutputs(stack, pulumi);
  const clientId = outputs["managementClientId"];
  if (typeof clientId !== "string") throw clientMissing(stack);
  return {
    domain,
    source: "stack outputs",
    clientAuth: await clientAuthOf(stack, clientId, outputs, pulumi),
  };
}

async function clientAuthOf(
  stack: string,
  clientId: string,
  outputs: Readonly<Record<string, unknown>>,
  pulumi: RunPulumi,
): Promise<ManagementAuth> {
  const clientSecret = outputs["managementClientSecret"];
  if (typeof clientSecret === "string" && clientSecret !== "") return { clientId, clientSecret };
  const key = await pulumi(["config", "get", "clientPrivateKey", "--stack", stack]);
  if (key.code !== 0 || key.stdout.trim() === "") throw clientMissing(stack);
  return { clientId, privateKey: key.stdout };
}

function clientMissing(stack: string): ExpectedError {
  return new ExpectedError(
    "stack-client-missing",
    `Stack ${stack} has no Management API client yet. Run pulumi up, or set credentials in AUTH0_* or PICTURES_* variables.`,
  );
}
