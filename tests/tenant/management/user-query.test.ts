import assert from "node:assert/strict";
import { ManagementError } from "../../../tenant/management/answer.ts";
import { userQuery } from "../../../tenant/management/user-query.ts";

const jane = {
  user_id: "auth0|1",
  email: "jane@example.com",
  name: "Jane Doe",
  email_verified: true,
  identities: [
    { user_id: "1", provider: "auth0", connection: "Username-Password-Authentication", isSocial: false },
    { user_id: "aB77", provider: "google-oauth2", connection: "google-oauth2", isSocial: true },
  ],
  created_at: "",
  updated_at: "",
};

describe("userQuery", () => {
  for (const q of [
    "user_metadata.a:1",
    "email:(a OR b)",
    'name:"open',
    "email:",
    "AND",
    "identities.profileData:x",
  ]) {
    it(`refuses ${q}`, () => {
      assert.throws(
        () => userQuery(q),
        (error) => error instanceof ManagementError && error.statusCode === 400,
      );
    });
  }

  const cases: [string, boolean][] = [
    ["email:jane@example.com", true],
    ["email:JANE@example.com", true],
    ['email:"jane@example.com"', true],
    ["email:jane", false],
    ["email:jane*", true],
    ['name:"Jane Doe"', true],
    ["name:Jane", false],
    ["user_id:auth0|1", true],
    ["user_id:auth0|2", false],
    ["username:jane", false],
    ["jane@example.com", true],
    ["email:other@example.com OR name:Jane*", true],
    ["email:jane* AND name:John*", false],
    ["email:other OR email:jane* AND name:Jane*", true],
    ["email:other name:Jane*", true],
    ["NOT email:jane*", false],
    ["email_verified:true AND NOT username:*", true],
    ['identities.user_id:"aB77" AND identities.provider:"google-oauth2"', true],
    ['identities.user_id:"ab77"', false],
    ['identities.user_id:"78" OR identities.user_id:"1"', true],
    // Lists are searched field by field.
    ['identities.user_id:"1" AND identities.provider:"google-oauth2"', true],
    ["identities.connection:google-oauth2", true],
    ["identities.connection:google", false],
    ["", true],
  ];
  for (const [q, expected] of cases) {
    it(`${expected ? "matches" : "does not match"} with ${q === "" ? "nothing asked" : q}`, () => {
      assert.equal(userQuery(q)(jane), expected);
    });
  }
});
