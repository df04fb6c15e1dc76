import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { buildSync, type Metafile } from "esbuild";
import type { PictureSettings } from "../policy/settings.ts";
import { actionList, type ActionName } from "./action-list.ts";
import { writeBundleHeader } from "./bundle-header.ts";
import { refuseTooLarge } from "./guards/code-size.ts";
import { projectRoot } from "./project-root.ts";

/** The code of one Action as Auth0 gets it. */
export interface ActionBundle {
  readonly name: ActionName;
  readonly code: string;
}

/**
 * Bundles every Action with the settings built in, in the order in which they run. The same sources and
 * settings give the same bytes: paths are relative to the project and nothing of the machine goes in.
 */
export function bundleActions(settings: PictureSettings): ActionBundle[] {
  // In one synchronous call: esbuild's service process would outlive it and could hold a program's end back.
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: projectRoot,
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
    const code = header(name, inputs, settings) + asCommonJs(output.text);
    refuseTooLarge(name, code);
    return { name, code };
  });
}

/**
 * Actions are CommonJS. Bundled as a module and closed by one assignment, they stay readable. What only takes room
 * goes: esbuild's notes of where each module came from (the functions have the modules' names), and half of the
 * indentation.
 */
function asCommonJs(code: string): string {
  return code
    .replace(/^\/\/ (?:policy|actions)\/[\w-]+\.ts\n/gm, "")
    .replace(
      /\nexport \{\n {2}onExecutePostLogin\n\};\n$/,
      "\nexports.onExecutePostLogin = onExecutePostLogin;\n",
    )
    .replace(/^(?: {2})+/gm, (indentation) => "\t".repeat(indentation.length / 2));
}

type Inputs = Metafile["outputs"][string]["inputs"];

function header(name: string, inputs: Inputs, settings: PictureSettings): string {
  const { version } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as {
    version: string;
  };
  return writeBundleHeader({ name, version, sourceHash: sourceHash(inputs), settings });
}

/** SHA-256 over the sorted paths and contents of the sources that went in. */
function sourceHash(inputs: Inputs): string {
  const hash = createHash("sha256");
  for (const path of Object.keys(inputs).sort()) {
    hash
      .update(path)
      .update("\0")
      .update(readFileSync(join(projectRoot, path)))
      .update("\0");
  }
  return hash.digest("hex");
}
