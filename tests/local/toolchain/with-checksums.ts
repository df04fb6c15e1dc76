import { resolve } from "node:path";
import { checksums, type Platform } from "../../../local/toolchain/pins.ts";

/** What the official archives' SHA-256 sums are replaced by, for this platform. */
export type OtherChecksums = Partial<Record<keyof typeof checksums, string>>;

/**
 * A process of its own that runs a program of the project with other checksums: `<checksums, JSON> <program> [ARGUMENT ...]`. There are
 * no official archives in tests.
 */
function main([json = "{}", program = "", ...args]: readonly string[]): void {
  const platform = `${process.platform}-${process.arch}` as Platform;
  for (const [part, sha256] of Object.entries(JSON.parse(json) as OtherChecksums)) {
    Object.assign(checksums[part as keyof typeof checksums], { [platform]: sha256 });
  }
  process.argv.splice(2, Infinity, ...args);
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- At once and in this process, as Node itself would start it.
  require(resolve(program));
}

main(process.argv.slice(2));
