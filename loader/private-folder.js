// The one folder that code is kept in between two runs, and what may be read from it: nothing that another user could have put
// there. Plain JavaScript, since it is needed before TypeScript can run.
"use strict";

const { randomBytes } = require("node:crypto");
const {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require("node:fs");
const { dirname, join, resolve } = require("node:path");

const root = join(__dirname, "..");
const { USER_PICTURES_CACHE: named } = process.env;
/** A variable names another one: for the sources of another commit with this one's packages. */
const folder = named ? resolve(named) : join(root, "node_modules/.cache/auth0-user-pictures/private");

/** @returns {Buffer | undefined} What writePrivate() kept under that name; undefined where there is nothing that can be trusted. */
function readPrivate(name) {
  try {
    return isPrivate() ? readFileSync(join(folder, name)) : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps it for the next run. Where that is not possible, the next run only takes longer. */
function writePrivate(name, content) {
  try {
    makeFolder();
    if (!isPrivate()) return;
    removeOldDrafts();
    // At once: another run may read the file at any time, or write it too.
    const draft = join(folder, `${name}.${randomBytes(6).toString("hex")}.draft`);
    writeFileSync(draft, content, { flag: "wx" });
    renameSync(draft, join(folder, name));
  } catch {
    // See above.
  }
}

/** @returns {string} The path of the file of that name, for messages and stack traces. */
function privateFile(name) {
  return join(folder, name);
}

/**
 * Whether nobody but us (and root) can have written what is in the folder: it is a folder, not a link to one, it is ours, and neither its
 * group nor others may write. On Windows the folder's access list is that of the project.
 */
function isPrivate() {
  const stats = lstatSync(folder);
  if (!stats.isDirectory()) return false;
  return process.geteuid === undefined || (stats.uid === process.geteuid() && (stats.mode & 0o022) === 0);
}

function makeFolder() {
  mkdirSync(dirname(folder), { recursive: true });
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
}

let areDraftsRemoved = false;

/** Of processes that were killed while they wrote. */
function removeOldDrafts() {
  if (areDraftsRemoved) return;
  areDraftsRemoved = true;
  for (const name of readdirSync(folder).filter((name) => name.endsWith(".draft"))) {
    const draft = join(folder, name);
    if (Date.now() - statSync(draft, { throwIfNoEntry: false })?.mtimeMs > 3_600_000)
      rmSync(draft, { force: true });
  }
}

module.exports = { privateFile, readPrivate, writePrivate };
