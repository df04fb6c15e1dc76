import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { User } from "../../../auth0/user.ts";
import {
  effectiveChange,
  hashOf,
  keysOf,
  patchOf,
  pictureKeys,
  pictureValues,
  withChange,
  type PictureChange,
} from "../../../cli/people/picture-change.ts";
import { mergedMetadata } from "../../../tenant/state/user.ts";

const metadata = fc.dictionary(fc.constantFrom("picture", "gravatar_disabled", "theme", "plan"), fc.string());

const users: fc.Arbitrary<User> = fc
  .record({ picture: fc.string(), user_metadata: metadata, app_metadata: metadata }, { requiredKeys: [] })
  .map((fields) => ({ user_id: "auth0|1", ...fields }));

const changes: fc.Arbitrary<PictureChange> = fc.dictionary(
  fc.constantFrom(...pictureKeys),
  fc.oneof(fc.string(), fc.constant(null), fc.boolean()),
);

describe("a change of a picture", () => {
  it("never sends empty metadata, which would wipe everything", () => {
    fc.assert(
      fc.property(changes, (change) => {
        for (const value of Object.values(patchOf(change))) assert.notDeepEqual(value, {});
      }),
    );
  });

  it("names no key but those that it changes", () => {
    assert.deepEqual(patchOf({ "user_metadata.picture": null, "app_metadata.picture_blocked": true }), {
      user_metadata: { picture: null },
      app_metadata: { picture_blocked: true },
    });
  });

  it("foretells what Auth0 makes of it", () => {
    fc.assert(
      fc.property(users, changes, (user, change) => {
        const after = withChange(user, change);
        for (const kind of ["user_metadata", "app_metadata"] as const) {
          const sent = patchOf(change)[kind];
          if (sent === undefined) assert.equal(after[kind], user[kind]);
          else assert.deepEqual(after[kind], mergedMetadata((user[kind] ?? {}) as never, sent as never));
        }
      }),
    );
  });

  it("is undone by the values before", () => {
    fc.assert(
      fc.property(users, changes, (user, change) => {
        const keys = keysOf(change);
        const before = pictureValues(user, keys);
        const back = withChange(withChange(user, change), before);
        assert.deepEqual(pictureValues(back, pictureKeys), pictureValues(user, pictureKeys));
      }),
    );
  });

  it("sends a block's flag with its note, since another may lift the block before it is there", () => {
    const app_metadata = { picture_blocked: true, picture_block: { reason: "case 1" } };
    const again = {
      "app_metadata.picture_blocked": true,
      "app_metadata.picture_block": { reason: "case 2" },
    };
    assert.deepEqual(effectiveChange({ user_id: "auth0|1", app_metadata }, again), again);
  });

  it("is none where everything is like that already", () => {
    const user = { user_id: "auth0|1", user_metadata: { picture: "" } };
    assert.deepEqual(effectiveChange(user, { "user_metadata.picture": "" }), {});
    assert.deepEqual(effectiveChange(user, { "user_metadata.gravatar_disabled": null }), {});
  });

  it("has a hash that does not depend on the order of keys", () => {
    assert.equal(hashOf({ a: { x: 1, y: [2] } }), hashOf({ a: { y: [2], x: 1 } }));
    assert.notEqual(hashOf({ a: null }), hashOf({ a: "" }));
  });
});
