import assert from "node:assert/strict";
import { join } from "node:path";
import { createUserIndex } from "../../../cli/bulk/user-index.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

describe("the index of users", () => {
  const folder = temporaryFolder();

  it("finds nobody who was not added, and gives the slot of who was", () => {
    const index = createUserIndex(join(folder(), "index"), 1000);
    try {
      for (let number = 0; number < 1000; number += 1) {
        assert.equal(index.add(`auth0|${number}`, number * 1000), undefined);
      }
      assert.equal(index.find("auth0|none"), undefined);
      assert.equal(index.add("auth0|7", 1)?.offset, 7000);
      for (let number = 0; number < 1000; number += 1) {
        assert.equal(index.find(`auth0|${number}`)?.offset, number * 1000);
      }
    } finally {
      index.close();
    }
  });

  it("keeps a state for each user", () => {
    const index = createUserIndex(join(folder(), "index"), 0);
    try {
      index.add("a", 2 ** 40);
      index.setState(index.find("a")!, "settled");
      index.add("b", 5);
      assert.deepEqual([index.find("a")?.state, index.find("b")?.state], ["settled", "open"]);
      assert.equal(index.find("a")?.offset, 2 ** 40);
    } finally {
      index.close();
    }
  });

  it("gives a user another offset, and keeps the state", () => {
    const index = createUserIndex(join(folder(), "index"), 2);
    try {
      index.add("a", 1);
      index.add("b", 2);
      index.setState(index.find("a")!, "sent");
      index.move(index.find("a")!, 2 ** 41);
      assert.deepEqual([index.find("a")?.offset, index.find("a")?.state], [2 ** 41, "sent"]);
      assert.equal(index.find("b")?.offset, 2);
    } finally {
      index.close();
    }
  });
});
