import assert from "node:assert/strict";
import { importFile } from "../../../cli/recover/carry-out.ts";
import { readProgram } from "../../../cli/recover/program-resources.ts";
import { previewText, resourceNamed, urns } from "./program.ts";

const program = readProgram(previewText());
const imports = [
  {
    resource: resourceNamed(program, "client"),
    candidate: { id: "c", what: "client c", isOurs: true, because: "marked" },
  },
];

describe("the file for pulumi import", () => {
  it("names the parent and the provider that the state has", () => {
    const file = importFile(imports, program, new Set([urns.component, urns.provider]));
    const [only, ...others] = file.resources;
    assert.deepEqual(others, []);
    assert.equal(only?.type, "auth0:index/client:Client");
    assert.equal(only.logicalName, "user-pictures");
    assert.equal(only.id, "c");
    assert.equal(file.nameTable[only.parent ?? ""], urns.component);
    assert.equal(file.nameTable[only.provider ?? ""], urns.provider);
  });

  it("makes the parent and the provider where a run was killed before they were saved", () => {
    const file = importFile(imports, program, new Set());
    assert.deepEqual(file.nameTable, {});
    const [component, provider, client] = file.resources;
    assert.ok(component !== undefined && provider !== undefined && client !== undefined);
    assert.deepEqual(component, {
      type: "pictures:index:ManagementClient",
      name: component.name,
      logicalName: "management-client",
      component: true,
    });
    assert.deepEqual(provider, {
      type: "pulumi:providers:auth0",
      name: provider.name,
      logicalName: "auth0",
      version: "3.49.0",
      inputs: { domain: "acme.eu.auth0.com" },
    });
    assert.deepEqual([client.parent, client.provider], [component.name, provider.name]);
    assert.equal(file.resources.length, 3);
  });
});
