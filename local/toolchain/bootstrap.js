// Plain JavaScript, because it runs before anything is installed: `npm start`, `npm test` and the other
// commands call it first. It installs the dependencies when package-lock.json and node_modules disagree.
"use strict";

const { createHash } = require("node:crypto");
const { execFileSync } = require("node:child_process");
const { existsSync, lstatSync, readFileSync, readdirSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "../..");
const stampFile = join(root, "node_modules", ".installed-lockfile");

/** Node 20.19 is the first version 20 that can `require` an ECMAScript module. */
function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(
    `Node ${process.versions.node} is too old: this project needs Node 20.19 or newer.\n` +
      "Install a newer Node (https://nodejs.org or your version manager), then run the command again.",
  );
}

function lockfileHash() {
  return createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .update(`${process.platform} ${process.arch}`)
    .digest("hex");
}

/** `pulumi new` from a clone that was used copies node_modules too, and makes files of the links to programs: those do not run. */
function wasCopied() {
  const programs = join(root, "node_modules", ".bin");
  const [first] = existsSync(programs) ? readdirSync(programs) : [];
  return first !== undefined && !lstatSync(join(programs, first)).isSymbolicLink();
}

function install() {
  const hash = lockfileHash();
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === hash && !wasCopied()) return;
  process.stderr.write("Installing dependencies (npm ci) ...\n");
  const npm = process.env.npm_execpath;
  const [command, args] = npm ? [process.execPath, [npm]] : ["npm", []];
  try {
    // No package of ours needs its install script, and one that was taken over would run with the user's credentials.
    const flags = ["--ignore-scripts", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
    // npm loads what Node keeps of its code in the shared temporary folder; see loader/no-shared-caches.js.
    const env = { ...process.env, NODE_DISABLE_COMPILE_CACHE: "1" };
    // Standard output stays free for what the command itself prints: other programs read it.
    execFileSync(command, [...args, "ci", ...flags], { cwd: root, env, stdio: ["ignore", 2, 2] });
  } catch {
    fail(
      "npm ci failed: see its message above. Is the npm registry reachable from this machine?\n" +
        "Run `npm ci --ignore-scripts` by hand to see more, then run the command again.",
    );
  }
  writeFileSync(stampFile, hash);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

checkNode();
install();
