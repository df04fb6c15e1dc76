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
 * The last cached result of that name (JSON), if it was made from the same key; otherwise undefined. A program starts anew for
 * every preview; this saves it work that it has done before.
 *
 * @param key What it was made from, such as a hash of it.
 */
export function cachedResult(name: string, key: string): unknown {
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

/** Caches a result, replacing the former one of that name. If the folder cannot be written, only the next run takes longer. */
export function cacheResult(name: string, key: string, result: unknown): void {
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
