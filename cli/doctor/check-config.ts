import { readStackFile } from "../../infra/read-stack-file.ts";
import { readStack } from "../../infra/read-stack.ts";
import { stackFile, stackName } from "../stack-file.ts";
import type { Check } from "./check.ts";
import { ok } from "./finding.ts";

/** The stack's configuration and its default image are valid. */
export const checkConfig: Check = {
  name: "config",
  run: async ({ stack, env }, facts) => {
    const config = await readStack(stackName(stack), readStackFile(stackFile(stack, env)));
    facts.config = config;
    const { auth0Domain, awsAccountId, imageBucket } = config.config;
    return ok(`tenant ${auth0Domain}, AWS account ${awsAccountId}, bucket ${imageBucket}`);
  },
};
