// Writes the bundle of an entry point to standard output; its argument is what cached-bundle.js was told.
"use strict";

const { readFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { build } = require("esbuild");
const { lazyPulumi } = require("./lazy-pulumi.js");

const root = join(__dirname, "..");

/** Each source keeps the folder that it stands in. */
const sourceFolders = {
  name: "source-folders",
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      const folder = text.includes("__dirname") ? `const __dirname = ${JSON.stringify(dirname(path))};` : "";
      return { contents: folder + text, loader: "ts" };
    });
  },
};

async function main({ entry, external }) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    target: "node20",
    keepNames: true,
    // Code that V8 kept cannot import(): Node 20 then finds no loader for it. Every package that we import can be required.
    supported: { "dynamic-import": false },
    // Nothing of the surroundings may change the bundle.
    tsconfigRaw: {},
    legalComments: "none",
    // What is wrong in a source is for whoever wrote it; cached-bundle.js says the rest.
    logLevel: "error",
    ...(external === "packages" ? { packages: "external" } : {}),
    plugins: external === "pulumi" ? [sourceFolders, lazyPulumi] : [sourceFolders],
  });
  process.stdout.write(outputFiles[0].text);
}

main(JSON.parse(process.argv[2])).catch(() => process.exit(1));
