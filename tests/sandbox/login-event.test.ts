import assert from "node:assert/strict";
import fc from "fast-check";
import { without } from "../../lib/json.ts";
import {
  addedToUser,
  eventUser,
  fieldsOfNoEvent,
  isEventUser,
  loginEvent,
  plainLogin,
  type LoginProfile,
} from "../../sandbox/login-event.ts";

/** As Actions read it. */
interface ReadEvent {
  readonly user: Record<string, unknown>;
  readonly connection: Record<string, unknown>;
  readonly authentication: { readonly methods: readonly { readonly name: string }[] };
}

function eventOf(profile: LoginProfile): ReadEvent {
  const client = { client_id: "", name: "test", client_metadata: {} };
  return loginEvent(plainLogin(profile, { tenantId: "acme", client, at: new Date(0) })) as ReadEvent;
}

describe("loginEvent()", () => {
  const odd: [string, unknown][] = [
    ["nothing", undefined],
    ["null", null],
    ["a list", ["x"]],
    ["a number", 7],
  ];
  for (const [what, value] of odd) {
    it(`gives empty metadata for ${what}`, () => {
      const { user } = eventOf({ user_id: "auth0|1", user_metadata: value, app_metadata: value });
      assert.deepEqual([user["user_metadata"], user["app_metadata"]], [{}, {}]);
    });
  }

  it("makes the identity of a record without identities from the user's id", () => {
    for (const identities of [undefined, null, "none"]) {
      const { user, connection, authentication } = eventOf({ user_id: "samlp|acme|1", identities });
      assert.deepEqual(user["identities"], [{ provider: "samlp", user_id: "acme|1" }]);
      assert.equal(connection["strategy"], "samlp");
      assert.equal(authentication.methods[0]?.name, "federated");
    }
  });

  it("gives a record's own metadata and identities, in their order", () => {
    const profile = {
      user_id: "auth0|1",
      identities: [
        { user_id: "1", provider: "auth0", connection: "db" },
        { user_id: "2", provider: "google-oauth2", connection: "google-oauth2" },
      ],
      user_metadata: { a: 1 },
      app_metadata: { b: 2 },
    };
    const { user, connection } = eventOf(profile);
    assert.deepEqual(user, { ...profile, enrolledFactors: [] });
    assert.deepEqual(connection, { name: "db", strategy: "auth0", metadata: {} });
  });

  it("leaves out what no event has, and a picture that the record does not have", () => {
    const { user } = eventOf({
      user_id: "auth0|1",
      last_ip: "::1",
      last_login: "",
      logins_count: 3,
      blocked: true,
    });
    assert.deepEqual(Object.keys(user).sort(), [
      "app_metadata",
      "enrolledFactors",
      "identities",
      "user_id",
      "user_metadata",
    ]);
  });

  for (const [strategy, method] of [
    ["auth0", "pwd"],
    ["email", "email"],
    ["sms", "sms"],
    ["google-oauth2", "federated"],
  ] as const) {
    it(`names the method of a login by ${strategy} ${method}`, () => {
      const { authentication } = eventOf({ user_id: `${strategy}|1` });
      assert.equal(authentication.methods[0]?.name, method);
    });
  }
});

describe("isEventUser()", () => {
  const anything = fc.oneof(fc.jsonValue(), fc.constant(undefined));
  const profiles = fc.record(
    {
      user_id: fc.oneof(fc.string(), anything),
      identities: fc.oneof(fc.array(anything), anything),
      user_metadata: fc.oneof(fc.dictionary(fc.string(), anything), anything),
      app_metadata: fc.oneof(fc.dictionary(fc.string(), anything), anything),
      picture: anything,
      enrolledFactors: anything,
      last_ip: anything,
      last_login: anything,
      logins_count: anything,
      blocked: anything,
    },
    { requiredKeys: [] },
  );

  it("says yes only where eventUser() does nothing but leave out and add", () => {
    let yes = 0;
    fc.assert(
      fc.property(profiles, (profile) => {
        if (!isEventUser(profile)) return;
        yes += 1;
        assert.deepEqual(eventUser(profile), { ...without(profile, ...fieldsOfNoEvent), ...addedToUser });
      }),
      { numRuns: 500 },
    );
    assert.ok(yes > 0);
  });

  it("says no of a record without identities or metadata of its own", () => {
    const whole = { identities: [], user_metadata: {}, app_metadata: {} };
    assert.ok(isEventUser(whole));
    for (const field of Object.keys(whole)) {
      for (const value of [undefined, null, "text", 1]) assert.ok(!isEventUser({ ...whole, [field]: value }));
    }
    assert.ok(!isEventUser({ ...whole, user_metadata: [] }));
  });
});
