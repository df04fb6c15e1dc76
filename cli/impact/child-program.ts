import { join } from "node:path";
import { stop } from "esbuild";
import { buildChildScript } from "../../sandbox/child-script.ts";

let built: string | undefined;

/**
 * The program of the processes that compare, built at the first call. Afterwards nothing is left of the builder: its thread
 * and its process would take as much memory as another process that compares.
 */
export async function childProgram(): Promise<string> {
  built ??= buildChildScript(join(__dirname, "child", "main.ts"));
  await stop();
  return built;
}
