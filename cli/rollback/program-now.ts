import { bundleActions } from "../../infra/bundle-actions.ts";
import { readStackFile } from "../../infra/read-stack-file.ts";
import { readStack } from "../../infra/read-stack.ts";
import type { Environment } from "../environment.ts";
import { stackFile, stackName } from "../stack-file.ts";
import type { ProgramNow } from "./source-code.ts";

/** Builds the sources with the settings of the stack's file. Never rejects. */
export async function programNow(stack: string, env: Environment): Promise<ProgramNow> {
  try {
    const { settings } = await readStack(stackName(stack), readStackFile(stackFile(stack, env)));
    return { bundles: bundleActions(settings) };
  } catch (error) {
    return { bundles: undefined, why: error instanceof Error ? error.message : String(error) };
  }
}
