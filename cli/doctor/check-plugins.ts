import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { ExpectedError } from "../../infra/expected-error.ts";
import { projectRoot } from "../../infra/project-root.ts";
import { given, type Environment } from "../environment.ts";
import { stackFile } from "../stack-file.ts";
import type { Check } from "./check.ts";
import { ok, problem, skipped } from "./finding.ts";
import { needsNoPulumi } from "./needs-no-pulumi.ts";
import { dependencyVersion } from "./package-versions.ts";

const providers = ["auth0", "aws"] as const;

/** The provider plugins of the program are there, or Pulumi will get them. */
export const checkPlugins: Check = {
  name: "plugins",
  run: async ({ pulumi, stack, env }) => {
    if (needsNoPulumi(env)) return skipped("The PICTURES_* variables need no Pulumi");
    const installed = await installedPlugins(() => pulumi(["plugin", "ls", "--json"]));
    if (installed === undefined) return skipped("Pulumi does not say which plugins it has");
    const byPath = pluginsByPath(stack, env);
    const wanted = providers
      .filter((name) => !byPath.includes(name))
      .map((name) => ({ name, version: dependencyVersion(`@pulumi/${name}`) }));
    const missing = wanted.filter(({ name, version }) => !installed.includes(`${name} ${version}`));
    const list = wanted.map(({ name, version }) => `${name} ${version}`).join(", ");
    const fromFolders = byPath.length === 0 ? "" : `; by path: ${byPath.join(", ")}`;
    if (missing.length === 0) return ok(`${list}${fromFolders}`);
    const names = missing.map(({ name, version }) => `${name} ${version}`).join(", ");
    if (given(env, "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION") !== "true") {
      return ok(`${list}${fromFolders}; pulumi up will get ${names}`);
    }
    const remedy = missing.map(({ name, version }) => `pulumi plugin install resource ${name} ${version}`);
    return problem(
      `Missing, and PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION is set: ${names}`,
      remedy.join(" && "),
    );
  },
};

async function installedPlugins(
  list: () => Promise<{ readonly code: number; readonly stdout: string }>,
): Promise<readonly string[] | undefined> {
  try {
    const { code, stdout } = await list();
    if (code !== 0) return undefined;
    const plugins = JSON.parse(stdout) as { readonly name: string; readonly version: string }[];
    return plugins.map(({ name, version }) => `${name} ${version}`);
  } catch (error) {
    // The check of pulumi itself tells of a missing one; the other is output that is no JSON.
    if (error instanceof ExpectedError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The providers that the stack's project file takes from a folder, as a local world does. */
function pluginsByPath(stack: string, env: Environment): readonly string[] {
  const beside = join(dirname(stackFile(stack, env)), "Pulumi.yaml");
  const file = existsSync(beside) ? beside : join(projectRoot, "Pulumi.yaml");
  const { plugins } = parse(readFileSync(file, "utf8")) as { plugins?: { providers?: { name: string }[] } };
  return plugins?.providers?.map(({ name }) => name) ?? [];
}
