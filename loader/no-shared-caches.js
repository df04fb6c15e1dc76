// Required first by whatever we start: without these variables, packages and Node itself load code that they keep in predictable folders
// of the shared temporary folder, which another user may have made and filled before. The processes that we start inherit them.
"use strict";

Object.assign(process.env, {
  // $TMPDIR/node-compile-cache: the TypeScript compiler, ESLint and Prettier, from Node 22 on.
  NODE_DISABLE_COMPILE_CACHE: "1",
  // $TMPDIR/tsx-UID: programs that use tsx.
  TSX_DISABLE_CACHE: "1",
});
