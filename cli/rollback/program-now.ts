import { bundleActions, type ActionBundle } from "../../infra/bundle-actions.ts";
import { readStackFile } from "../../infra/read-stack-file.ts";
import { readStack } from "../../infra/read-stack.ts";
import type { Environment } from "../environment.ts";
import { stackFile, stackName } from "../stack-file.ts";

/** What the sources give now, without pins; undefined and why where they do not build: a rollback works all the same. */
export type ProgramNow =
  { readonly bundles: readonly ActionBundle[] } | { readonly bundles: undefined; readonly why: string };

export async function programNow(stack: string, env: Environment): Promise<ProgramNow> {
  try {
    const { settings } = await readStack(stackName(stack), readStackFile(stackFile(stack, env)));
    return { bundles: bundleActions(settings) };
  } catch (error) {
    return { bundles: undefined, why: error instanceof Error ? error.message : String(error) };
  }
}

/** The code that the sources give for an Action. */
export function sourceCode({ bundles }: ProgramNow, action: string): string | undefined {
  return bundles?.find(({ name }) => name === action)?.code;
}
