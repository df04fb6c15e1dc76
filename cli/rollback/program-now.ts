import type { Environment } from "../../lib/environment.ts";
import { bundleActions, type ActionBundle } from "../../stack/bundle-actions.ts";
import { readStackNamed } from "../../stack/stack-file.ts";

/** Builds the sources with the settings of the stack's file. Never rejects. */
export async function programNow(stack: string, env: Environment): Promise<ProgramNow> {
  try {
    const { settings } = await readStackNamed(stack, env);
    return { bundles: bundleActions(settings) };
  } catch (error) {
    return { bundles: undefined, why: error instanceof Error ? error.message : String(error) };
  }
}

/** What the sources give now, without pins; undefined and why where they do not build: a rollback works all the same. */
export type ProgramNow =
  { readonly bundles: readonly ActionBundle[] } | { readonly bundles: undefined; readonly why: string };

/** The code that the sources give for an Action. */
export function sourceCode({ bundles }: ProgramNow, action: string): string | undefined {
  return bundles?.find(({ name }) => name === action)?.code;
}
