import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Artifact } from "../../toolchain/artifact.ts";
import { buildGo } from "../../toolchain/build-go.ts";
import { installToolchain } from "../../toolchain/install-toolchain.ts";
import { toolchainPaths } from "../../toolchain/toolchain-paths.ts";

/** The version that the Auth0 provider for Pulumi is made from; see go.mod in the module's folder. */
export const terraformProviderVersion = "1.54.1";

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
export async function ensureTerraformProvider(progress: (line: string) => void): Promise<string> {
  const hash = createHash("sha256");
  for (const name of ["go.mod", "go.sum"]) hash.update(readFileSync(join(moduleFolder, name)));
  const home = join(dirname(toolchainPaths().home), `terraform-${hash.digest("hex").slice(0, 12)}`);
  await installToolchain({ home, artifacts: [artifact], env: process.env, progress });
  return home;
}
