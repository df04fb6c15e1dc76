import { join } from "node:path";
import { projectRoot } from "./project-root.ts";

/** Where a stack's pins are: the code and the record of each pinned Action, and two files for all of them. */
export interface PinFiles {
  readonly folder: string;
  readonly code: (action: string) => string;
  readonly record: (action: string) => string;
  /** What a rollback under way is about to do. Never committed. */
  readonly unfinished: string;
  /** The versions that were pinned once and may be replaced by the source. */
  readonly released: string;
}

/**
 * @param stack Its own name, without organization and project.
 * @param env `PICTURES_STACK_FOLDER` is a local world's folder, which holds its stack's file and pins.
 */
export function pinFiles(stack: string, env: Readonly<Record<string, string | undefined>>): PinFiles {
  const named = env["PICTURES_STACK_FOLDER"];
  const folder = join(named === undefined || named === "" ? projectRoot : named, "pins", stack);
  return {
    folder,
    code: (action) => join(folder, `${action}.js`),
    record: (action) => join(folder, `${action}.json`),
    unfinished: join(folder, "rollback.unfinished.json"),
    released: join(folder, "released.json"),
  };
}
