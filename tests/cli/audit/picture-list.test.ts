import assert from "node:assert/strict";
import { createPictureList } from "../../../cli/audit/picture-list.ts";

describe("a list of pictures", () => {
  it("gives back what was added, whatever a user id holds, as often as it is read", () => {
    const list = createPictureList();
    try {
      const ids = ["a\u2028b", "a\u2029b", "a\nb", "a\rb", '"', "ü", "x".repeat(200_000)];
      const pictures = ids.map((id) => ({ userId: `auth0|${id}`, url: "https://img.acme.com/1.png" }));
      for (const picture of pictures) list.add(picture);
      assert.equal(list.length(), pictures.length);
      assert.deepEqual([...list.read()], pictures);
      assert.deepEqual([...list.read()], pictures);
    } finally {
      list.close();
    }
  });
});
