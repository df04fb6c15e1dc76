import assert from "node:assert/strict";
import fc from "fast-check";
import { eventUserText } from "../../../cli/impact/user-text.ts";
import { eventUser, type LoginProfile } from "../../../sandbox/login-event.ts";

/** Texts that look like fields, and fields of the same names where they are not meant. */
const texts = fc.constantFrom(
  "",
  "2026-10-20T17:05:12.345Z",
  '"last_ip":"x",',
  '\\"last_ip\\":1',
  ',"blocked":true}',
  "ä\u2028\u0000\\",
  "last_login",
);
const plain = fc.oneof(
  fc.constantFrom("", "203.0.113.7", "ä"),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const values = fc.oneof({ arbitrary: plain, weight: 8 }, texts, fc.double({ noNaN: true }), fc.constant([1]));
const metadata = fc.dictionary(
  fc.oneof({ arbitrary: fc.constantFrom("picture", "x", "y"), weight: 9 }, fc.constant("last_ip")),
  fc.oneof({ arbitrary: values, weight: 9 }, fc.constant({ last_login: "y", blocked: false })),
  { maxKeys: 2 },
);
const profiles = fc.record(
  {
    user_id: fc.constant("auth0|1"),
    last_ip: values,
    name: texts,
    last_login: values,
    logins_count: values,
    identities: fc.constantFrom([], [{ provider: "auth0" }], [{ last_ip: "z" }]),
    user_metadata: metadata,
    app_metadata: metadata,
    blocked: values,
  },
  { requiredKeys: ["user_id", "identities", "user_metadata", "app_metadata"] },
);

describe("the text of an event's user", () => {
  it("says the same as the event's user does, wherever it is made of the line", () => {
    let made = 0;
    fc.assert(
      fc.property(profiles, fc.boolean(), (profile, reversed) => {
        const entries = Object.entries(profile);
        const line = JSON.stringify(Object.fromEntries(reversed ? entries.reverse() : entries));
        const text = eventUserText(line, JSON.parse(line) as LoginProfile);
        if (text === undefined) return;
        made += 1;
        assert.deepEqual(JSON.parse(text), eventUser(JSON.parse(line) as LoginProfile));
      }),
      { numRuns: 3000 },
    );
    assert.ok(made > 200, `only ${made} were made`);
  });

  for (const [what, line] of [
    [
      "a name that is written with an escape",
      '{"user_id":"a","last\\u005fip":1,"x":{"last_ip":2},"identities":[]}',
    ],
    ["a field that is there twice", '{"user_id":"a","last_ip":1,"last_ip":2,"identities":[]}'],
    ["white space", '{"user_id":"a", "last_ip": 1,"identities":[]}'],
    ["an object", '{"user_id":"a","last_ip":{"a":1},"identities":[]}'],
    ["the first field", '{"last_ip":1,"user_id":"a","identities":[]}'],
  ] as const) {
    it(`leaves alone what cannot be told from the text: ${what}`, () => {
      const whole = `${line.slice(0, -1)},"user_metadata":{},"app_metadata":{}}`;
      assert.equal(eventUserText(whole, JSON.parse(whole) as LoginProfile), undefined);
    });
  }
});
