// `node --require` of this makes the Pulumi program, index.ts, run from a bundle: see Pulumi.yaml.
"use strict";

const { join } = require("node:path");
const { prepareBundle } = require("./cached-bundle.js");

const program = join(__dirname, "../index.ts");
// Now, since Pulumi's runner takes a quarter of a second to load before it asks for the program.
const runProgram = prepareBundle({
  name: "program",
  entry: "index.ts",
  folders: ["infra", "stack", "auth0", "lib", "policy"],
  external: "pulumi",
});

require.extensions[".ts"] = (module, filename) => {
  if (filename !== program) throw new Error(`${filename} is not the Pulumi program, which is ${program}.`);
  // Pulumi's runner maps every frame of the stack traces that it takes at each resource to a source, through source maps that
  // it reads for it. Most of these traces are never read, and the bundle itself says which source a line is from.
  delete Error.prepareStackTrace;
  runProgram(module);
};
