import type { ActionBundle } from "../../infra/bundle-actions.ts";

/** What the sources give now, without pins; undefined and why where they do not build: a rollback works all the same. */
export type ProgramNow =
  { readonly bundles: readonly ActionBundle[] } | { readonly bundles: undefined; readonly why: string };

/** The code that the sources give for an Action. */
export function sourceCode({ bundles }: ProgramNow, action: string): string | undefined {
  return bundles?.find(({ name }) => name === action)?.code;
}
