import type { Environment } from "./environment.ts";

/** Whether what goes to standard output may have colours: on a terminal, unless `NO_COLOR` is set (https://no-color.org). */
export function usesColours(env: Environment, output: { readonly isTTY?: boolean }): boolean {
  return output.isTTY === true && (env["NO_COLOR"] ?? "") === "";
}
