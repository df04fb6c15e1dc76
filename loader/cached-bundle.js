// Runs an entry point written in TypeScript from a bundle that is made once: nothing is transformed, and few files are
// looked for, in the runs after. Plain JavaScript, since it runs before TypeScript can. See docs/decisions/0020.
"use strict";

const { spawnSync } = require("node:child_process");
const { createHash, randomBytes } = require("node:crypto");
const { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { dirname, join } = require("node:path");
const { Script } = require("node:vm");

const root = join(__dirname, "..");
const cache = join(root, "node_modules/.cache/auth0-user-pictures");

/**
 * Runs the bundle of an entry point as the module that asks for it.
 *
 * @param {NodeModule} module Whose `exports` and `require` the code gets.
 * @param {{ name: string, entry: string, folders: string[], external?: "packages" | "pulumi" }} what `name` is the
 *   bundle's in the cache; `entry` and `folders`, relative to the project's folder, are the sources that may go in. `external` says
 *   which packages are left to Node: all of them, those of which Pulumi's own copy is needed, or none.
 */
function runBundle(module, what) {
  const file = join(cache, `${what.name}.cjs`);
  const hash = sourceHash(what);
  const header = `// Made from ${hash}\n`;
  const code = readWith(file, header) ?? build(what, file, header);
  // Under the bundle's name, whether or not it could be written there.
  const run = compile(`(function (exports, require, module) {${code}\n})`, file, hash).runInThisContext();
  run.call(module.exports, module.exports, createRequire(module.filename), module);
}

function sourceHash({ entry, folders }) {
  const sources = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((name) => name.endsWith(".ts"))
      .sort()
      .map((name) => join(folder, name)),
  );
  const hash = createHash("sha256");
  for (const file of ["package-lock.json", ...ownFiles(), entry, ...sources])
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(root, file)))
      .update("\0");
  return hash.digest("hex");
}

function ownFiles() {
  return readdirSync(__dirname)
    .sort()
    .map((name) => join("loader", name));
}

function readWith(file, header) {
  try {
    const text = readFileSync(file, "utf8");
    return text.startsWith(header) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** In a process of its own: what runs the bundle needs it at once, and esbuild takes plugins only where it may be waited for. */
function build(what, file, header) {
  const args = [join(__dirname, "build-bundle.js"), JSON.stringify(what)];
  const options = { encoding: "utf8", maxBuffer: 64 * 1024 * 1024, stdio: ["ignore", "pipe", "inherit"] };
  const { status, stdout } = spawnSync(process.execPath, args, options);
  if (status !== 0) throw new Error(`${what.entry} does not build: what is wrong is said above.`);
  const text = header + stdout;
  write(file, text);
  return text;
}

/** With what V8 kept of the bundle's code, which saves compiling it again. */
function compile(code, filename, hash) {
  const kept = `${filename}.${process.version}-${process.arch}.v8`;
  const cachedData = readKept(kept, hash);
  const script = new Script(code, { filename, ...(cachedData === undefined ? {} : { cachedData }) });
  if (cachedData === undefined || script.cachedDataRejected) keepLater(script, kept, hash);
  return script;
}

/** When the functions that are needed have been compiled: at the end, or earlier, since a plugin's end is that it is killed. */
function keepLater(script, kept, hash) {
  let done = false;
  const keep = () => {
    if (!done) write(kept, Buffer.concat([Buffer.from(hash), script.createCachedData()]));
    done = true;
  };
  process.once("exit", keep);
  setTimeout(keep, 700).unref();
}

function readKept(file, hash) {
  try {
    const kept = readFileSync(file);
    return kept.toString("latin1", 0, hash.length) === hash ? kept.subarray(hash.length) : undefined;
  } catch {
    return undefined;
  }
}

function write(file, content) {
  try {
    mkdirSync(dirname(file), { recursive: true });
    // At once: another run may read the file at any time, or write it too.
    const draft = `${file}.${randomBytes(6).toString("hex")}`;
    writeFileSync(draft, content);
    renameSync(draft, file);
  } catch {
    // A folder that cannot be written costs the next start some time, no more.
  }
}

module.exports = { runBundle };
