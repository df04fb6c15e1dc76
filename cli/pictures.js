#!/usr/bin/env node
// Plain JavaScript, because it runs before TypeScript can: it makes the TypeScript of the `pictures` command loadable,
// from whatever folder it was typed in. It installs nothing.
"use strict";

const { join } = require("node:path");

/** Node 20.19 is the first version 20 that can `require` an ECMAScript module. */
function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(`Node ${process.versions.node} is too old: install Node 20.19 or newer. [node-too-old]`);
}

function loadLibraries() {
  try {
    // Before tsx, which would otherwise read and transform it: that takes three times as long.
    require("commander");
    require("tsx/cjs");
  } catch (error) {
    if (error.code !== "MODULE_NOT_FOUND") throw error;
    const root = join(__dirname, "..");
    fail(`The dependencies are not installed: run \`npm ci\` in ${root}. [dependencies-missing]`);
  }
}

function fail(message) {
  process.stderr.write(`error: ${message}\n`);
  process.exit(1);
}

checkNode();
loadLibraries();
require("./main.ts");
