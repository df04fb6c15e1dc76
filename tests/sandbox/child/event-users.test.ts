import assert from "node:assert/strict";
import fc from "fast-check";
import { eventUserMaker } from "../../../sandbox/child/event-users.ts";
import { eventUser, type LoginProfile } from "../../../sandbox/login-event.ts";

const values = fc.oneof(
  fc.constantFrom("", "ä\u2028", 0, true, null),
  fc.constantFrom<object>([], {}, [{ a: [1] }], { __proto__: null, b: { c: [] } }),
);
const names = fc.constantFrom(
  "picture",
  "name",
  "last_ip",
  "blocked",
  "0",
  "enrolledFactors",
  '"\\',
  "__proto__",
);
const metadata = fc.oneof(
  { arbitrary: fc.dictionary(fc.constantFrom("picture", "x", "__proto__"), values), weight: 8 },
  values,
);

/** JSON texts of profiles, of which many have the same fields. */
const profiles = fc
  .tuple(
    fc.uniqueArray(fc.tuple(names, values), { selector: ([name]) => name, maxLength: 5 }),
    fc.record(
      {
        identities: fc.oneof({ arbitrary: fc.constant([{ provider: "auth0" }]), weight: 8 }, values),
        user_metadata: metadata,
        app_metadata: metadata,
      },
      { requiredKeys: [] },
    ),
  )
  .map(([fields, rest]) => {
    const entries = [["user_id", "auth0|1"], ...fields, ...Object.entries(rest)] as [string, unknown][];
    return `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`;
  });

describe("an event's user that is made again and again", () => {
  it("is what the event's user is, whatever was made before, and in the same order", () => {
    const make = eventUserMaker();
    const check = (json: string, times: number): void => {
      const parsed = () => JSON.parse(json) as LoginProfile;
      for (let time = 0; time < times; time += 1) {
        for (const isLast of [false, true]) {
          const made = make(parsed(), isLast);
          assert.deepEqual(made, eventUser(parsed()));
          assert.equal(JSON.stringify(made), JSON.stringify(eventUser(parsed())));
        }
      }
    };
    // Before and after it is worth a literal.
    fc.assert(
      fc.property(profiles, (json) => {
        check(json, 1);
      }),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(profiles, (json) => {
        check(json, 60);
      }),
      { numRuns: 100 },
    );
  });

  it("leaves nothing in the profile of what an Action does to it, but where nothing else is made of it", () => {
    const make = eventUserMaker();
    const json = '{"user_id":"a","identities":[{"x":{}}],"user_metadata":{"deep":[{}]},"app_metadata":{}}';
    for (let time = 0; time < 300; time += 1) {
      const profile = JSON.parse(json) as LoginProfile;
      const user = make(profile, false) as Record<string, Record<string, unknown>>;
      (user["identities"] as unknown as Record<string, object>[])[0]!["x"] = { changed: true };
      (user["user_metadata"]!["deep"] as object[]).push({ changed: true });
      user["app_metadata"]!["changed"] = true;
      assert.equal(JSON.stringify(profile), json);
    }
  });

  it("is right for more lists of fields than are kept", () => {
    const make = eventUserMaker();
    for (let round = 0; round < 120; round += 1) {
      for (let kind = 0; kind < 50; kind += 1) {
        const profile = { [`field${kind}`]: kind, identities: [], user_metadata: {}, app_metadata: {} };
        assert.deepEqual(make(profile, false), eventUser(profile));
      }
    }
  });
});
