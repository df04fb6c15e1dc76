import assert from "node:assert/strict";
import fc from "fast-check";
import type { FlowSettings } from "../../../cli/impact/comparison.ts";
import { expectations } from "../../../cli/impact/expectations.ts";
import { fingerprintOf } from "../../../policy/picture-copy.ts";
import type { PictureSettings } from "../../../policy/settings.ts";

const settings = fc.record<PictureSettings>({
  defaultUrl: fc.constantFrom(
    "https://img.example.com/default/a.png",
    "https://img.example.com/default/b.png",
  ),
  gravatar: fc.constantFrom("keep", "fallback", "never"),
  social: fc.constantFrom("keep", "replace"),
  copies: fc.constantFrom("off", "show"),
  allowedHosts: fc.constantFrom([], ["img.example.com"], ["*.example.com", "img.example.com"]),
  allowedPrefixes: fc.constantFrom([], ["https://img.example.com/users/"]),
  maxLength: fc.constantFrom(40, 2048),
});
const kinds = fc.oneof({ arbitrary: settings, weight: 8 }, fc.constantFrom(null, undefined));
const flows = fc.record({ own: kinds, root: kinds }) as fc.Arbitrary<FlowSettings>;

const google = "http://lh3.googleusercontent.com/a/b";
const pictures = fc.constantFrom(
  undefined,
  "",
  "https://img.example.com/users/me.png",
  "https://other.example.org/me.png",
  "https://s.gravatar.com/avatar/0123?d=x",
  "https://cdn.auth0.com/avatars/aa.png",
  google,
);
const events = fc.record({
  user: fc.record({
    user_id: fc.constantFrom("auth0|1", "google-oauth2|1"),
    picture: pictures,
    user_metadata: fc.record({ picture: pictures, gravatar_disabled: fc.constantFrom(undefined, true) }),
    app_metadata: fc.constantFrom(
      {},
      { picture_blocked: true },
      { picture_copy: { of: fingerprintOf(google), url: "https://img.example.com/users/a.png" } },
    ),
  }),
});

describe("what is expected of two flows", () => {
  it("is for both what the policy says with their own settings", () => {
    let same = 0;
    fc.assert(
      fc.property(flows, flows, fc.array(events, { minLength: 1, maxLength: 5 }), (old, changed, logins) => {
        const expected = expectations(old, changed);
        // Flows of the same settings have nothing to be looked at.
        const [ofOld, ofNew] = [expectations(old, old), expectations(changed, changed)];
        for (const event of logins) {
          const both = expected(event);
          assert.deepEqual(both, { old: ofOld(event).old, new: ofNew(event).old });
          if (both.old === both.new) same += 1;
        }
      }),
      { numRuns: 3000 },
    );
    assert.ok(same > 500, `only ${same} were asked for once`);
  });
});
