import assert from "node:assert/strict";
import { identitiesOf, labelOf, primaryIdentity, readUser } from "../../auth0/user.ts";

describe("a user", () => {
  const withIdentities = (identities: unknown) => readUser({ user_id: "auth0|1", identities });

  it("must have an id that is text", () => {
    for (const answer of [null, "auth0|1", [], {}, { user_id: 1 }, { user_id: { toString: 1 } }]) {
      assert.throws(() => readUser(answer), TypeError);
    }
  });

  it("may hold anything else", () => {
    for (const odd of [null, "x", 1, [], {}, { toString: 1 }, { toString: null, valueOf: 1 }]) {
      const user = withIdentities([{ user_id: odd, provider: odd, connection: odd }, odd]);
      for (const { userId } of identitiesOf(user)) assert.match(userId, /^x?\|[x1]?$/);
      assert.equal(primaryIdentity(withIdentities(odd)).userId, "auth0|1");
      assert.equal(labelOf({ ...user, name: odd }), odd === "x" ? "auth0|1 (x)" : "auth0|1");
    }
  });

  it("has identities whose ids are text or numbers", () => {
    const user = withIdentities([
      { provider: "google-oauth2", connection: "google-oauth2", user_id: "12" },
      { provider: "github", connection: "github", user_id: 12 },
    ]);
    assert.deepEqual(
      identitiesOf(user).map(({ userId }) => userId),
      ["google-oauth2|12", "github|12"],
    );
  });
});
