import { ExpectedError } from "../../infra/expected-error.ts";
import { given, type Environment } from "../environment.ts";
import type { Check } from "./check.ts";
import { ok, problem, skipped } from "./finding.ts";
import { dependencyVersion, isAtLeast } from "./package-versions.ts";

/** The user's own `pulumi` is there and not older than the SDK of the program. */
export const checkPulumi: Check = {
  name: "pulumi",
  run: async ({ pulumi, env }) => {
    const least = dependencyVersion("@pulumi/pulumi");
    try {
      const { stdout } = await pulumi(["version"]);
      const version = stdout.trim().replace(/^v/, "");
      if (isAtLeast(version, least)) return ok(`Pulumi ${version}`);
      return problem(`Pulumi ${version} is older than ${least}`, `install Pulumi ${least} or newer`);
    } catch (error) {
      if (worksWithoutPulumi(error, env))
        return skipped("There is no pulumi, and the PICTURES_* variables need none");
      throw error;
    }
  },
};

function worksWithoutPulumi(error: unknown, env: Environment): boolean {
  const isMissing = error instanceof ExpectedError && error.code === "pulumi-missing";
  return isMissing && given(env, "PICTURES_CLIENT_ID") !== undefined;
}
