import type { Check } from "./check.ts";
import { ok, problem } from "./finding.ts";
import { isAtLeast, leastNodeVersion } from "./package-versions.ts";

/** Node is one that the project supports. */
export const checkNode: Check = {
  name: "node",
  run: ({ nodeVersion }) => {
    const least = leastNodeVersion();
    const finding = isAtLeast(nodeVersion, least)
      ? ok(`Node ${nodeVersion}`)
      : problem(`Node ${nodeVersion} is older than ${least}`, `install Node ${least} or newer`);
    return Promise.resolve(finding);
  },
};
