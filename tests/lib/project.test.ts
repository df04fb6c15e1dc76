import assert from "node:assert/strict";
import { projectName } from "../../lib/project.ts";

describe("the project's name", () => {
  it("is refused where Pulumi.yaml has none, or one that Pulumi would not take", () => {
    for (const text of [
      "",
      "description: x\n",
      "  name: nested\n",
      "name: two words\n",
      "name: 'a:b'\n",
      "name:\n",
    ]) {
      assert.throws(() => projectName(text), { code: "project-unnamed", message: /Pulumi\.yaml/ }, text);
    }
  });

  it("is read as Pulumi writes it: bare, or in quotes where it could be a number", () => {
    assert.equal(projectName("# name: no\nname: my-pictures\ndescription: x\n"), "my-pictures");
    assert.equal(projectName('name: "1234"\r\n'), "1234");
    assert.equal(projectName("name: 'my.pictures_2' # ours\n"), "my.pictures_2");
  });
});
