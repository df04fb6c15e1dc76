import assert from "node:assert/strict";
import { join } from "node:path";
import { stackFile } from "../../cli/stack-file.ts";
import { projectRoot } from "../../infra/project-root.ts";

describe("a stack's file", () => {
  it("lies in the project", () => {
    assert.equal(stackFile("dev", {}), join(projectRoot, "Pulumi.dev.yaml"));
  });

  it("has the stack's own name, without the organization and project before it", () => {
    assert.equal(stackFile("acme/auth0-user-pictures/dev", {}), join(projectRoot, "Pulumi.dev.yaml"));
  });

  it("lies in PICTURES_STACK_FOLDER where that is set", () => {
    assert.equal(stackFile("local", { PICTURES_STACK_FOLDER: "/world" }), "/world/Pulumi.local.yaml");
  });
});
