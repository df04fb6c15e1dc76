import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

/** Every file of an export by its path in the folder, with the tenant's domain as a keyword of the Deploy CLI. */
export function exportedFiles(folder: string, domain: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile())
    .toSorted();
  return Object.fromEntries(
    paths.map((path) => [
      relative(folder, path),
      readFileSync(path, "utf8").replaceAll(domain, domainKeyword),
    ]),
  );
}

/** What the Deploy CLI replaces by the value that AUTH0_KEYWORD_REPLACE_MAPPINGS has for `DOMAIN`. */
const domainKeyword = "##DOMAIN##";

/** Writes the files back, so that another tenant can import them. */
export function writeExportedFiles(folder: string, files: Record<string, string>): void {
  for (const [path, content] of Object.entries(files)) writeFileSync(join(folder, path), content);
}
