// Runs an entry point written in TypeScript from a bundle that is made once: nothing is transformed, and few files are
// looked for, in the runs after. Plain JavaScript, since it runs before TypeScript can. See docs/decisions/0020.
"use strict";

require("./no-shared-caches.js");
const { spawnSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const { existsSync, readdirSync, readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { join } = require("node:path");
const { Script } = require("node:vm");
const { MessageChannel, receiveMessageOnPort, Worker } = require("node:worker_threads");
const { privateFile, readPrivate, writePrivate } = require("./private-folder.js");

const root = join(__dirname, "..");

/** What npm has installed, which the lock file is only to become. */
const installed = "node_modules/.package-lock.json";

/**
 * Runs the bundle of an entry point as the module that asks for it.
 *
 * @param {NodeModule} module Whose `exports` and `require` the code gets.
 * @param {{ name: string, entry: string, folders: string[], external?: "packages" | "pulumi" }} what `name` is the
 *   bundle's in the cache; `entry` and `folders`, relative to the project's folder, are the sources that may go in. `external` says
 *   which packages are left to Node: all of them, those of which Pulumi's own copy is needed, or none.
 */
function runBundle(module, what) {
  const hash = sourceHash(what);
  run(module, what, readCurrent(what, hash) ?? build(what, hash));
}

/**
 * Looks for the bundle before its module is asked for. Where it is not current, a thread begins to make it, and the program
 * waits only for what is left of that.
 *
 * @param what As runBundle() takes it.
 * @returns {(module: NodeModule) => void} Runs the bundle, once.
 */
function prepareBundle(what) {
  const hash = sourceHash(what);
  const current = readCurrent(what, hash);
  const madeMeanwhile = current === undefined ? buildInThread(what) : undefined;
  return (module) => run(module, what, current ?? build(what, hash, madeMeanwhile));
}

/** Under the bundle's name, whether or not it could be written there. */
function run(module, what, text) {
  const code = `(function (exports, require, module) {${text}\n})`;
  const program = compile(code, fileOf(what), codeHashIn(text)).runInThisContext();
  program.call(module.exports, module.exports, createRequire(module.filename), module);
}

function fileOf({ name }) {
  return `${name}.cjs`;
}

/**
 * Of everything that goes in: the sources, what is installed, and where the project is, since sources find their files from
 * there.
 */
function sourceHash({ entry, folders }) {
  const sources = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((name) => name.endsWith(".ts"))
      .sort()
      .map((name) => join(folder, name)),
  );
  const hash = createHash("sha256").update(`${root}\0`);
  for (const file of ["package-lock.json", installed, ...ownFiles(), entry, ...sources])
    hash.update(file).update("\0").update(contentOf(file)).update("\0");
  return hash.digest("hex");
}

function contentOf(file) {
  // Other package managers than npm do not write it.
  if (file === installed && !existsSync(join(root, file))) return "";
  return readFileSync(join(root, file));
}

function headerOf(hash) {
  return `// Made from ${hash}\n`;
}

function ownFiles() {
  return readdirSync(__dirname)
    .sort()
    .map((name) => join("loader", name));
}

function readCurrent(what, hash) {
  const text = readPrivate(fileOf(what))?.toString("utf8");
  return text?.startsWith(headerOf(hash)) ? text : undefined;
}

/** How long the thread may take, in milliseconds, before the bundle is made without it. */
const patienceMs = 20_000;

/** The function that it returns waits for the bundle's code; undefined where the thread did not make it. */
function buildInThread(what) {
  const done = new Int32Array(new SharedArrayBuffer(4));
  const { port1, port2 } = new MessageChannel();
  const workerData = { what, port: port2, done };
  // Without the options of this process: they would make the thread run the program.
  const options = { workerData, transferList: [port2], execArgv: [], env: process.env };
  new Worker(join(__dirname, "build-bundle.js"), options).on("error", () => undefined).unref();
  port1.unref();
  return () => {
    Atomics.wait(done, 0, 0, patienceMs);
    return receiveMessageOnPort(port1)?.message;
  };
}

/** @param hash That of the sources before anything was built. */
function build(what, hash, madeMeanwhile = () => undefined) {
  const made = madeMeanwhile() ?? buildHere(what);
  const code = createHash("sha256").update(made).digest("hex");
  const text = `${headerOf(hash)}${codeMark}${code}\n${made}`;
  // A source may have been saved while it was built.
  if (sourceHash(what) === hash) writePrivate(fileOf(what), text);
  return text;
}

/** In a process of its own: what runs the bundle needs it at once, and esbuild takes plugins only where it may be waited for. */
function buildHere(what) {
  const args = [join(__dirname, "build-bundle.js"), JSON.stringify(what)];
  const options = { encoding: "utf8", maxBuffer: 64 * 1024 * 1024, stdio: ["ignore", "pipe", "inherit"] };
  const { status, stdout } = spawnSync(process.execPath, args, options);
  if (status !== 0) throw new Error(`${what.entry} does not build: see the errors above.`);
  return stdout;
}

const codeMark = "// Code ";

/** The hash of the code itself, in the bundle's second line. */
function codeHashIn(text) {
  const [, line = ""] = text.split("\n", 2);
  return line.slice(codeMark.length);
}

/** With what V8 kept of this very code, which saves compiling it again. */
function compile(code, file, hash) {
  const kept = `${file}.${process.version}-${process.arch}.v8`;
  const cachedData = readKept(kept, hash);
  const filename = privateFile(file);
  const script = new Script(code, { filename, ...(cachedData === undefined ? {} : { cachedData }) });
  if (cachedData === undefined || script.cachedDataRejected) keepLater(script, kept, hash);
  return script;
}

/** When the functions that are needed have been compiled: at the end, or earlier, since a plugin's end is that it is killed. */
function keepLater(script, kept, hash) {
  let done = false;
  const keep = () => {
    if (!done) writePrivate(kept, Buffer.concat([Buffer.from(hash), script.createCachedData()]));
    done = true;
  };
  process.once("exit", keep);
  setTimeout(keep, 250).unref();
}

function readKept(file, hash) {
  const kept = readPrivate(file);
  return kept?.toString("latin1", 0, hash.length) === hash ? kept.subarray(hash.length) : undefined;
}

module.exports = { prepareBundle, runBundle };
