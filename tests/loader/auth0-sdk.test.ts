import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { ManagementClient } from "auth0";
import type * as Auth0Sdk from "../../auth0/auth0-sdk.ts";
import { projectRoot } from "../../lib/project.ts";

describe("Auth0's SDK from its bundle", () => {
  it("has the families of routes of the installed one", () => {
    const bundle = join(projectRoot, "loader/auth0-sdk.js");
    const sdk = createRequire(bundle)(bundle) as typeof Auth0Sdk;
    const families = (client: ManagementClient) =>
      Object.keys(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(client))).sort();
    const options = { domain: "acme.auth0.com", token: "t" };
    assert.deepEqual(families(new sdk.ManagementClient(options)), families(new ManagementClient(options)));
    assert.ok("list" in new sdk.ManagementClient(options).actions);
  });
});
