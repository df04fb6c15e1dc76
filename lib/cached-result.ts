import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { replaceFileSync } from "./durable-file.ts";
import { projectRoot } from "./project.ts";

/** As loader/cached-bundle.js has it. */
const folder = resolve(
  projectRoot,
  process.env["USER_PICTURES_CACHE"] ?? "node_modules/.cache/auth0-user-pictures",
);

/**
 * The last result of that name, where it was made from the same: JSON. A program starts anew for every preview, and this is
 * what it need not find out again.
 *
 * @param key What it was made from, such as a hash of it.
 */
export function keptResult(name: string, key: string): unknown {
  try {
    const found = JSON.parse(readFileSync(fileOf(name), "utf8")) as {
      readonly key: string;
      readonly result: unknown;
    };
    return found.key === key ? found.result : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a result until another one of the same name is kept. A folder that cannot be written costs the next run some time, no more. */
export function keepResult(name: string, key: string, result: unknown): void {
  const file = fileOf(name);
  try {
    mkdirSync(dirname(file), { recursive: true });
    // Another run may read the file at any time, or write it too. After a power cut it is made anew: not worth a wait.
    replaceFileSync(file, JSON.stringify({ key, result }), { durable: false });
  } catch {
    // See above.
  }
}

function fileOf(name: string): string {
  return join(folder, `${name}.json`);
}
