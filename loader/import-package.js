// Node's own import(), for a package that cannot be required since it waits at its top level. In TypeScript, import() becomes require().
"use strict";

module.exports = { importPackage: (name) => import(name) };
