// Gives a bundle `@pulumi/pulumi` part by part. Its index loads everything at once: the automation API with npm's own
// installer, and the TypeScript compiler, which a deployment does not use and which take longer than all the rest.
"use strict";

const { readFileSync } = require("node:fs");

const index = /^@pulumi\/pulumi(\/runtime)?$/;

/** What the two indexes re-export, by the lines that TypeScript compiles that to. */
const everything = /^__export\(require\("(.+)"\)\);$/;
const namespace = /^const (\w+) = __importStar\(require\("(.+)"\)\);$/;
const part = /^var (\w+) = require\("(.+)"\);$/;
const named = /^exports\.(\w+) = (\w+)\.(\w+);$/;

/**
 * The two indexes become modules whose every export is loaded when it is first used. All parts stay Node's own, since Pulumi's
 * runner keeps its state in them. tests/loader compares what is exported with the installed package.
 */
const lazyPulumi = {
  name: "lazy-pulumi",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: index }, ({ path }) => ({ path, namespace: "lazy-pulumi" }));
    onLoad({ filter: /.*/, namespace: "lazy-pulumi" }, ({ path }) => ({ contents: lazyIndex(path) }));
    // Pulumi's providers are bundled, since their classes load the indexes; all other packages are not.
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === "entry-point" || /^@pulumi\/(auth0|aws)(\/|$)/.test(path)
        ? undefined
        : { path, external: true },
    );
  },
};

/** The source of a module that exports the same as the index of that name. */
function lazyIndex(id) {
  const lines = readFileSync(require.resolve(id), "utf8").split("\n");
  const parts = new Map(lines.flatMap((line) => (part.exec(line) ? [part.exec(line).slice(1)] : [])));
  const values = new Map();
  for (const line of lines) {
    for (const [name, value] of exportsOf(id, line, parts)) if (!values.has(name)) values.set(name, value);
  }
  const properties = [...values].map(
    ([name, value]) =>
      `Object.defineProperty(exports, "${name}", { enumerable: true, get: () => ${value} });`,
  );
  return ['Object.defineProperty(exports, "__esModule", { value: true });', ...properties].join("\n");
}

/** Name and value, as source, of each export that a line of the index makes. */
function exportsOf(id, line, parts) {
  const loaded = (path) => `require("${id}/${path.slice(2)}")`;
  const all = everything.exec(line);
  if (all !== null) {
    const names = namesIn(`${id}/${all[1].slice(2)}`);
    return [...names].map((name) => [name, `${loaded(all[1])}.${name}`]);
  }
  const space = namespace.exec(line);
  if (space !== null) return [[space[1], loaded(space[2])]];
  const one = named.exec(line);
  return one !== null && parts.has(one[2]) ? [[one[1], `${loaded(parts.get(one[2]))}.${one[3]}`]] : [];
}

/** Read, not loaded: that takes longer than all the rest of a build. */
function namesIn(part) {
  const text = readFileSync(require.resolve(part), "utf8");
  return new Set([...text.matchAll(/\bexports\.(\w+) = /g)].map(([, name]) => name));
}

module.exports = { lazyIndex, lazyPulumi };
