import { ExpectedError } from "../../infra/expected-error.ts";
import type { Check } from "./check.ts";
import { ok, problem, skipped } from "./finding.ts";
import { needsNoPulumi } from "./needs-no-pulumi.ts";
import { dependencyVersion, isAtLeast } from "./package-versions.ts";

const noNeed = "the PICTURES_* variables need none";

/** The user's own `pulumi` is there and not older than the SDK of the program. */
export const checkPulumi: Check = {
  name: "pulumi",
  run: async ({ pulumi, env }) => {
    const least = dependencyVersion("@pulumi/pulumi");
    try {
      const { stdout } = await pulumi(["version"]);
      const version = stdout.trim().replace(/^v/, "");
      if (isAtLeast(version, least)) return ok(`Pulumi ${version}`);
      if (needsNoPulumi(env)) return skipped(`Pulumi ${version} is too old; ${noNeed}`);
      return problem(`Pulumi ${version} is older than ${least}`, `install Pulumi ${least} or newer`);
    } catch (error) {
      const isMissing = error instanceof ExpectedError && error.code === "pulumi-missing";
      if (isMissing && needsNoPulumi(env)) return skipped(`There is no pulumi; ${noNeed}`);
      throw error;
    }
  },
};
