import assert from "node:assert/strict";
import { exportedLogins } from "../../sandbox/exported-login.ts";

const logins = () => exportedLogins((circumstances) => circumstances as { connection: object });
const google = [{ connection: "google-oauth2", provider: "google-oauth2", user_id: "1" }];

describe("the login of an exported user", () => {
  it("goes through the primary identity's connection", () => {
    const {
      profile,
      connection,
      logins: count,
      made,
    } = logins()({
      user_id: "google-oauth2|1",
      identities: [...google, { connection: "db", provider: "auth0" }],
      logins_count: 7,
    });
    assert.deepEqual(made.connection, { name: "google-oauth2", strategy: "google-oauth2", metadata: {} });
    assert.deepEqual([connection, count], ["google-oauth2", 7]);
    assert.equal((profile.identities as unknown[]).length, 2);
  });

  it("is given the identity that the line leaves out, by its Connection and its id", () => {
    const user = { user_id: "auth0|1", Connection: "staff" };
    const { profile, connection, made } = logins()(user);
    assert.deepEqual(profile, { ...user, identities: [{ connection: "staff", provider: "auth0" }] });
    assert.equal(connection, "staff");
    assert.deepEqual(made.connection, { name: "staff", strategy: "auth0", metadata: {} });
  });

  for (const [what, identities] of [
    ["is no list", "none"],
    ["is empty", []],
    ["has no object first", [null, ...google]],
    ["has other types in it", [{ connection: 7, provider: null }]],
  ] as const) {
    it(`has a connection without a name where the list of identities ${what}`, () => {
      const {
        connection,
        profile,
        logins: count,
      } = logins()({ user_id: "auth0|1", identities, logins_count: "7" });
      assert.deepEqual([connection, count], ["", 0]);
      assert.ok(Array.isArray(profile.identities));
    });
  }

  it("has a connection's name of 128 characters at most", () => {
    const { connection } = logins()({ user_id: "auth0|1", Connection: "x".repeat(500) });
    assert.equal(connection, "x".repeat(128));
  });

  it("shares its circumstances with the users of the same connection only, however many there are", () => {
    let made = 0;
    const loginOf = exportedLogins(() => (made += 1));
    const login = (name: string): number =>
      loginOf({ user_id: "auth0|1", identities: [{ connection: name, provider: "auth0" }] }).made;
    assert.equal(login("one"), login("one"));
    assert.notEqual(login("one"), login("other"));
    for (let index = 0; index < 3000; index += 1) login(`connection ${index}`);
    assert.equal(made, 3002);
    login("one");
    assert.equal(made, 3003);
  });
});
