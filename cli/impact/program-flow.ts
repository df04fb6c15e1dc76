import { bundleActions } from "../../infra/bundle-actions.ts";
import { pinFiles } from "../../infra/pin-files.ts";
import { programActions } from "../../infra/program-actions.ts";
import { readPins } from "../../infra/read-pins.ts";
import { readStackFile } from "../../infra/read-stack-file.ts";
import { readStack } from "../../infra/read-stack.ts";
import type { Environment } from "../environment.ts";
import { stackFile, stackName } from "../stack-file.ts";
import type { ImpactFlow } from "./impact-flow.ts";

/**
 * The Actions that a run of this checkout's program deploys for a stack: from the source, a pinned one from its pin.
 *
 * @throws ExpectedError as the stack's file, its image or its pins are wrong.
 */
export async function programFlow(stack: string, env: Environment): Promise<ImpactFlow> {
  const name = stackName(stack);
  const { settings } = await readStack(name, readStackFile(stackFile(stack, env)));
  const { pins } = readPins(pinFiles(name, env));
  const actions = programActions(bundleActions(settings), pins);
  return {
    origin: { from: "program", stack: name },
    actions: actions.map(({ name: action, code }) => ({ name: action, code })),
  };
}
