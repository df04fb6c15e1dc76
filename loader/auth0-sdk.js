// Auth0's SDK from a bundle: by itself it is over 1,000 files, which take ten times as long to load.
"use strict";

require("./cached-bundle.js").runBundle(module, {
  name: "auth0-sdk",
  entry: "auth0/auth0-sdk.ts",
  folders: [],
});
