import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { managementAudience } from "../../auth0/management-token.ts";
import { executablesOnPath } from "../../lib/executables.ts";
import { ensureCertificates } from "../../local/certificates/ensure-certificates.ts";
import type { Artifact } from "../../local/toolchain/artifact.ts";
import { buildGo } from "../../local/toolchain/build-go.ts";
import { toolchainPaths } from "../../local/toolchain/ensure-toolchain.ts";
import { installToolchain } from "../../local/toolchain/install-toolchain.ts";
import { actionList } from "../../stack/actions.ts";
import { scopesOf } from "../../stack/client-capabilities.ts";
import { createTenant, type Tenant } from "../../tenant/create-tenant.ts";
import { runTimed, type TimedRun } from "../run-timed.ts";
import type { BenchWorld } from "../world/bench-world.ts";

/** Terraform with the same resources at a tenant of its own, applied. */
export interface Terraform {
  readonly tenant: Tenant;
  readonly terraform: (...args: readonly string[]) => Promise<TimedRun>;
  /** The file with the code of an Action. */
  readonly codeFile: (action: string) => string;
  readonly stop: () => Promise<void>;
}

/** Undefined where no `terraform` is on the path. */
export async function terraform(
  bench: BenchWorld,
  progress: (line: string) => void,
): Promise<Terraform | undefined> {
  const command = executablesOnPath("terraform", process.env["PATH"])[0];
  if (command === undefined) return undefined;
  const mirror = await ensureTerraformProvider(progress);
  const { world, root } = bench;
  const certificates = await ensureCertificates(world.folder.certificates);
  const tenant = await createTenant({ port: 0, certificates });
  const folder = mkdtempSync(join(root, "terraform-"));
  writeConfiguration(folder, bench, tenant);
  const env = environment(folder, mirror, tenant, world.caFile);
  const run = (...args: readonly string[]) =>
    runTimed({ command, args: [...args, "-no-color"], cwd: folder, env, runId: world.runId });
  try {
    await run("init", "-input=false");
    await run("apply", "-auto-approve", "-input=false");
  } catch (error) {
    await tenant.close();
    throw error;
  }
  const codeFile = (action: string) => join(folder, `${action}.js`);
  return { tenant, terraform: run, codeFile, stop: () => tenant.close() };
}

/** The code is what our stack deployed. */
function writeConfiguration(folder: string, { world }: BenchWorld, tenant: Tenant): void {
  const codes = world.tenant.flowCode();
  const actions = actionList.map(({ name }, index) => {
    writeFileSync(join(folder, `${name}.js`), codes[index] ?? "");
    return { name, codeFile: `${name}.js` };
  });
  const config = terraformConfig(actions, managementAudience(tenant.domain), scopesOf(["show", "change"]));
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify(config, null, 2));
}

function environment(folder: string, mirror: string, tenant: Tenant, caFile: string): NodeJS.ProcessEnv {
  const configFile = join(folder, "cli.tfrc");
  const installation = `filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }`;
  writeFileSync(configFile, `provider_installation {\n  ${installation}\n}\n`);
  return {
    PATH: process.env["PATH"],
    HOME: process.env["HOME"],
    TF_CLI_CONFIG_FILE: configFile,
    TF_IN_AUTOMATION: "1",
    CHECKPOINT_DISABLE: "1",
    AUTH0_DOMAIN: tenant.domain,
    AUTH0_CLIENT_ID: tenant.clientId,
    AUTH0_CLIENT_SECRET: tenant.clientSecret,
    SSL_CERT_FILE: caFile,
  };
}

/** What of our stack is at Auth0. */
interface TerraformAction {
  readonly name: string;
  /** The file with its code, relative to the configuration. */
  readonly codeFile: string;
}

/**
 * The Auth0 resources of stack `local` in Terraform's JSON syntax: the Actions, their place in the Login flow, and the
 * Management API client with its credentials and its grant. Their arguments are those of infra/login-flow.ts and
 * infra/management-client.ts.
 */
export function terraformConfig(
  actions: readonly TerraformAction[],
  audience: string,
  scopes: readonly string[],
): object {
  const key = (name: string) => name.replaceAll("-", "_");
  const client_id = "${auth0_client.pictures.client_id}";
  return {
    terraform: {
      required_providers: { auth0: { source: "auth0/auth0", version: terraformProviderVersion } },
    },
    provider: { auth0: {} },
    resource: {
      auth0_action: Object.fromEntries(
        actions.map(({ name, codeFile }) => [
          key(name),
          {
            name,
            code: `\${file("\${path.module}/${codeFile}")}`,
            deploy: true,
            runtime: "node22",
            supported_triggers: { id: "post-login", version: "v3" },
          },
        ]),
      ),
      auth0_trigger_actions: {
        login: {
          trigger: "post-login",
          actions: actions.map(({ name }) => ({
            id: `\${auth0_action.${key(name)}.id}`,
            display_name: name,
          })),
        },
      },
      auth0_client: {
        pictures: {
          name: "User pictures",
          description: "Reads users and writes their pictures.",
          client_metadata: { managed_by: "terraform", stack: "local" },
          app_type: "non_interactive",
          grant_types: ["client_credentials"],
          oidc_conformant: true,
          jwt_configuration: { alg: "RS256" },
        },
      },
      auth0_client_credentials: {
        pictures: { client_id, authentication_method: "client_secret_post" },
      },
      auth0_client_grant: { pictures: { client_id, audience, scopes } },
    },
  };
}

/** The version that the Auth0 provider for Pulumi is made from; see go.mod in the module's folder. */
const terraformProviderVersion = "1.54.1";

const moduleFolder = join(__dirname, "../terraform/provider");

/** Terraform's names of platforms are Go's. */
const platform = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;

const file = join(
  "registry.terraform.io/auth0/auth0",
  terraformProviderVersion,
  platform,
  `terraform-provider-auth0_v${terraformProviderVersion}`,
);

const artifact: Artifact = {
  id: "terraform-provider-auth0",
  title: `the Auth0 provider ${terraformProviderVersion} for Terraform`,
  files: [file],
  build: (context) =>
    buildGo(
      {
        title: `the Auth0 provider ${terraformProviderVersion} for Terraform`,
        module: moduleFolder,
        package: "github.com/auth0/terraform-provider-auth0",
        variables: {},
        output: file,
        minutes: 2,
      },
      context,
    ),
};

/**
 * Makes Auth0's provider for Terraform available, built from its Go module once, beside the toolchain in the user's cache.
 * Throws a ToolchainError where it cannot be built.
 *
 * @returns The folder, laid out as Terraform's filesystem mirror.
 */
async function ensureTerraformProvider(progress: (line: string) => void): Promise<string> {
  const hash = createHash("sha256");
  for (const name of ["go.mod", "go.sum"]) hash.update(readFileSync(join(moduleFolder, name)));
  const home = join(dirname(toolchainPaths().home), `terraform-${hash.digest("hex").slice(0, 12)}`);
  await installToolchain({ home, artifacts: [artifact], env: process.env, progress });
  return home;
}
