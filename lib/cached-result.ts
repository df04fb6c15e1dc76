import { createRequire } from "node:module";
import { join } from "node:path";
import { projectRoot } from "./project.ts";

/** What loader/private-folder.js exports, which is plain JavaScript. */
interface PrivateFolder {
  readonly readPrivate: (name: string) => Buffer | undefined;
  readonly writePrivate: (name: string, content: string) => void;
}

/**
 * The last cached result of that name (JSON), if it was made from the same key; otherwise undefined. A program starts anew for
 * every preview; this saves it work that it has done before. Code that is deployed is among it, so it is kept where code is.
 *
 * @param key What it was made from, such as a hash of it.
 */
export function cachedResult(name: string, key: string): unknown {
  try {
    const found = JSON.parse(privateFolder().readPrivate(fileOf(name))?.toString("utf8") ?? "null") as {
      readonly key: string;
      readonly result: unknown;
    } | null;
    return found?.key === key ? found.result : undefined;
  } catch {
    return undefined;
  }
}

/** Caches a result, replacing the former one of that name. If the folder cannot be written, only the next run takes longer. */
export function cacheResult(name: string, key: string, result: unknown): void {
  privateFolder().writePrivate(fileOf(name), JSON.stringify({ key, result }));
}

/**
 * What was built of sources: the cached result, or else a new one, which is cached for the next run.
 *
 * @param key Gives a hash of the sources. Asked for again after a build: one may have been saved meanwhile.
 */
export function builtOnce<T>(name: string, key: () => string, build: () => T): T {
  const before = key();
  const cached = cachedResult(name, before) as T | undefined;
  if (cached !== undefined) return cached;
  const built = build();
  if (key() === before) cacheResult(name, before, built);
  return built;
}

function fileOf(name: string): string {
  return `${name}.json`;
}

function privateFolder(): PrivateFolder {
  const file = join(projectRoot, "loader/private-folder.js");
  return createRequire(file)(file) as PrivateFolder;
}
