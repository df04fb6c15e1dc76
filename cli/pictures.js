#!/usr/bin/env node
// Plain JavaScript, because it runs before TypeScript can: it runs the TypeScript of the `pictures` command, from whatever
// folder it was typed in. It installs nothing.
"use strict";

const { existsSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");

/** Node 20.19 is the first version 20 that can `require` an ECMAScript module. */
function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(`Node ${process.versions.node} is too old: install Node 20.19 or newer. [node-too-old]`);
}

function checkDependencies() {
  if (["commander", "esbuild"].every((name) => existsSync(join(root, "node_modules", name)))) return;
  fail(`The dependencies are not installed: run \`npm ci\` in ${root}. [dependencies-missing]`);
}

function fail(message) {
  // The folder may have any name; what cleans all other output is TypeScript.
  process.stderr.write(`error: ${message.replace(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu, "\uFFFD")}\n`);
  process.exit(1);
}

checkNode();
checkDependencies();
require("../loader/cached-bundle.js").runBundle(module, {
  name: "pictures",
  entry: "cli/main.ts",
  folders: ["cli", "stack", "auth0", "lib", "policy", "sandbox"],
  external: "packages",
});
