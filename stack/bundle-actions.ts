import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type * as Esbuild from "esbuild";
import { builtOnce } from "../lib/cached-result.ts";
import { ExpectedError } from "../lib/errors.ts";
import { sha256 } from "../lib/hash.ts";
import { projectRoot, projectVersion } from "../lib/project.ts";
import { sourcesHash } from "../lib/sources-hash.ts";
import type { PictureSettings } from "../policy/settings.ts";
import { actionList, writeBundleHeader, type ActionName } from "./actions.ts";

/** The code of one Action as Auth0 gets it. */
export interface ActionBundle {
  readonly name: ActionName;
  readonly code: string;
}

/**
 * Bundles every Action with the settings built in, in the order in which they run. The same sources and
 * settings give the same bytes.
 */
export function bundleActions(settings: PictureSettings): ActionBundle[] {
  const version = projectVersion();
  return bundleOwnSources().map(({ name, code: text, sourceHash }) => {
    const code = writeBundleHeader({ name, version, sourceHash, settings }) + text;
    refuseTooLarge(name, code);
    return { name, code };
  });
}

/** Auth0 refuses Actions of more than 100 kB; read in the narrower way, in bytes of UTF-8. */
const codeLimit = 100_000;

/** @throws ExpectedError `action-too-large` where Auth0 would refuse the Action for its size. */
function refuseTooLarge(action: string, code: string): void {
  const bytes = Buffer.byteLength(code);
  if (bytes <= codeLimit) return;
  const message = `Action ${action} is ${bytes} bytes; Auth0 allows at most ${codeLimit}. Shorten allowedHosts.`;
  throw new ExpectedError("action-too-large", message);
}

/**
 * The project's own Actions, as bundleSources() gives them. What it gave is kept for as long as nothing changes that could
 * go in: starting esbuild takes longer than everything else that the program itself does.
 */
function bundleOwnSources(): readonly BundledSources[] {
  return builtOnce<readonly BundledSources[]>("actions", sourcesKey, () => bundleSources(projectRoot));
}

/** Of every file that may go into a bundle, what lists the Actions, and what bundles them. */
function sourcesKey(): string {
  const sources = sourcesHash(["actions", "policy"], ["stack/bundle-actions.ts"]);
  return sha256(`${JSON.stringify(actionList)}${sources}`);
}

/** An Action's sources in one piece, without the header. */
interface BundledSources {
  readonly name: ActionName;
  /** CommonJS. */
  readonly code: string;
  /** SHA-256 over the sorted paths and contents of the sources that went in, in hexadecimal. */
  readonly sourceHash: string;
}

/**
 * Bundles the sources of every Action, in the order in which they run. The same sources give the same bytes: paths are
 * relative to `root` and nothing of the machine goes in.
 *
 * @param root The project's folder, or that of a commit's sources.
 * @throws Error of esbuild where the sources do not build.
 */
export function bundleSources(root: string): BundledSources[] {
  // Loaded here: most runs have nothing to build, see bundle-own-sources.ts.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- As above; an import() would make every caller wait.
  const { buildSync } = require("esbuild") as typeof Esbuild;
  // In one synchronous call: esbuild's service process would outlive it and could hold a program's end back.
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: actionList.map(({ entry }) => entry),
    outdir: "bundle",
    write: false,
    metafile: true,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node22",
    // Without these, a tsconfig.json or a banner of the surroundings could change the bytes.
    tsconfigRaw: {},
    legalComments: "none",
    logLevel: "silent",
  });
  return actionList.map(({ name }) => {
    const output = outputFiles.find(({ path }) => basename(path) === `${name}.js`);
    const inputs = metafile.outputs[`bundle/${name}.js`]?.inputs;
    if (output === undefined || inputs === undefined) throw new Error(`esbuild wrote no ${name}.js`);
    return { name, code: asCommonJs(output.text), sourceHash: sourceHash(root, inputs) };
  });
}

/**
 * Actions are CommonJS. Bundled as a module and closed by one assignment, they stay readable. What only takes room
 * goes: esbuild's notes of where each module came from (the functions have the modules' names), blank lines, and half
 * of the indentation.
 */
function asCommonJs(code: string): string {
  return code
    .replace(/^\/\/ (?:policy|actions)\/[\w-]+\.ts\n/gm, "")
    .replace(
      /\nexport \{\n {2}onExecutePostLogin\n\};\n$/,
      "\nexports.onExecutePostLogin = onExecutePostLogin;\n",
    )
    .replace(/^\n/gm, "")
    .replace(/^(?: {2})+/gm, (indentation) => "\t".repeat(indentation.length / 2));
}

function sourceHash(root: string, inputs: Esbuild.Metafile["outputs"][string]["inputs"]): string {
  const hash = createHash("sha256");
  for (const path of Object.keys(inputs).sort()) {
    hash
      .update(path)
      .update("\0")
      .update(readFileSync(join(root, path)))
      .update("\0");
  }
  return hash.digest("hex");
}
