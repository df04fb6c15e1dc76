// `node --require` of this runs programs that are written in TypeScript, from their sources. What esbuild made of a source is kept in
// our private folder, and nowhere else. The one way to start them: tests/loader/starters.test.ts. See docs/decisions/0001.
"use strict";

require("./no-shared-caches.js");
const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
const { join, relative, sep } = require("node:path");
const { version } = require("esbuild/package.json");
const { readPrivate, writePrivate } = require("./private-folder.js");

const root = join(__dirname, "..");

const options = {
  format: "cjs",
  loader: "ts",
  platform: "node",
  target: `node${process.versions.node}`,
  keepNames: true,
  // Every package that we import can be required, and Node finds no loader for the TypeScript that import() names.
  supported: { "dynamic-import": false },
  sourcemap: "inline",
  sourcesContent: false,
  // Nothing of the surroundings may change the code.
  tsconfigRaw: {},
  logLevel: "silent",
};
const madeBy = JSON.stringify({ ...options, version });

require.extensions[".ts"] = (module, filename) => module._compile(compiled(filename), filename);
process.setSourceMapsEnabled(true);

function compiled(filename) {
  const source = readFileSync(filename, "utf8");
  const place = relative(root, filename);
  // Sources outside of the project are those of a short-lived folder.
  if (place.startsWith("..") || place.startsWith(`node_modules${sep}`)) return compile(source, filename);
  const name = `${sha256(place)}.ts.js`;
  const header = `// ${sha256(`${madeBy}\0${filename}\0${source}`)}\n`;
  const kept = readPrivate(name)?.toString("utf8");
  if (kept?.startsWith(header)) return kept.slice(header.length);
  const code = compile(source, filename);
  writePrivate(name, header + code);
  return code;
}

function compile(source, filename) {
  // Only now: it takes a while to load, and most starts do not need it.
  return require("esbuild").transformSync(source, { ...options, sourcefile: filename }).code;
}

function sha256(text) {
  return createHash("sha256").update(text).digest("hex");
}
