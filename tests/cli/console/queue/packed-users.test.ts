import assert from "node:assert/strict";
import { packedUsers } from "../../../../cli/console/queue/packed-users.ts";
import { minutes } from "./fake-tenant.ts";

describe("packed users", () => {
  const all = minutes(345);

  function filled() {
    const users = packedUsers();
    users.add(all.slice(0, 120));
    users.add(all.slice(100));
    return users;
  }

  it("give nobody beyond their end", () => {
    assert.deepEqual(packedUsers().slice(0, 24), []);
    assert.deepEqual(filled().slice(345, 400), []);
    assert.equal(filled().get("auth0|nobody"), undefined);
  });

  it("keep everybody once, whole and in order", () => {
    const users = filled();
    assert.equal(users.length(), 345);
    assert.deepEqual(users.slice(0, 1000), all);
    assert.deepEqual(users.get("auth0|m299"), all[299]);
  });

  for (const [from, to] of [
    [0, 24],
    [99, 101],
    [90, 310],
    [300, 345],
    [340, 364],
  ] as const) {
    it(`give those from ${from} to before ${to}`, () => {
      assert.deepEqual(filled().slice(from, to), all.slice(from, to));
    });
  }
});
