// Makes the bundle of an entry point, for cached-bundle.js: as a program it writes it to standard output, as a thread it sends it.
"use strict";

const { readFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { isMainThread, workerData } = require("node:worker_threads");
const { build, stop } = require("esbuild");
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

async function bundle({ entry, external }) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    target: "node20",
    keepNames: true,
    // With all packages in it, a bundle is megabytes that are read at each start.
    minify: external === undefined,
    // Code that V8 kept cannot import(): Node 20 then finds no loader for it. Every package that we import can be required.
    supported: { "dynamic-import": false },
    // Nothing of the surroundings may change the bundle.
    tsconfigRaw: {},
    legalComments: "none",
    // The errors in a source are for its author; cached-bundle.js says the rest.
    logLevel: isMainThread ? "error" : "silent",
    ...(external === "packages" ? { packages: "external" } : {}),
    plugins: external === "pulumi" ? [sourceFolders, lazyPulumi] : [sourceFolders],
  });
  return outputFiles[0].text;
}

async function send({ what, port, done }) {
  // What is wrong is said when the program tries it again.
  port.postMessage(await bundle(what).catch(() => undefined));
  Atomics.store(done, 0, 1);
  Atomics.notify(done, 0);
  await stop();
}

if (isMainThread) {
  bundle(JSON.parse(process.argv[2])).then(
    (text) => process.stdout.write(text),
    () => process.exit(1),
  );
} else {
  void send(workerData);
}
