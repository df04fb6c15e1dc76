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
  updated_at: "2026-03-04T05:06:07.890Z",
  logins_count: 12,
  user_metadata: { picture: "https://img.acme.com/Jane.png", tags: [], note: null, emptied: {} },
  app_metadata: {
    picture_reviewed: { by: "moderator" },
    plans: [{ name: "gold" }, { name: "Silver" }],
    level: 7,
  },
};

describe("userQuery", () => {
  for (const q of [
    "user_metadata.picture:https*",
    "user_metadata.level:[1 TO 2]",
    "email:[a TO b]",
    "updated_at:[2026-03-04 TO]",
    "updated_at:[yesterday TO *]",
    "logins_count:[few TO many]",
    "_exists_:unheard_of",
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
    ["_exists_:user_metadata.picture", true],
    ["_exists_:app_metadata.plans.name", true],
    ["_exists_:app_metadata", true],
    ["_exists_:identities.provider", true],
    ["_exists_:user_metadata.nickname", false],
    // These are not indexed.
    ["_exists_:user_metadata.tags", false],
    ["_exists_:user_metadata.note", false],
    ["_exists_:user_metadata.emptied", false],
    ["_exists_:last_login", false],
    ["NOT _exists_:last_login", true],
    ['user_metadata.picture:"https://img.acme.com/Jane.png"', true],
    ['user_metadata.picture:"https://img.acme.com/jane.png"', false],
    ["app_metadata.picture_reviewed.by:mod*", true],
    ["app_metadata.plans.name:Silver", true],
    ["app_metadata.plans.name:silver", false],
    ["app_metadata.level:7", true],
    ["logins_count:{12 TO *]", false],
    ["logins_count:[12 TO 13}", true],
    ["updated_at:[2026-03-04T05:06:07.890Z TO *]", true],
    ["updated_at:{2026-03-04T05:06:07.890Z TO *]", false],
    ["updated_at:[* TO 2026-03-04T05:06:07.890Z]", true],
    ["updated_at:[* TO 2026-03-04T05:06:07.890Z}", false],
    // A day without a time is the whole of it.
    ["updated_at:[2026-03-04 TO 2026-03-04]", true],
    ["updated_at:{2026-03-04 TO *]", false],
    ["updated_at:[* TO 2026-03-04}", false],
    ['updated_at:["2026-03-01" TO "2026-03-31"]', true],
    ["last_login:[* TO *]", false],
    ["_exists_:user_metadata.picture AND updated_at:[2026-01-01 TO 2026-02-01]", false],
    ["_exists_:user_metadata.picture AND updated_at:{2026-01-01 TO 2026-12-01]", true],
    ["", true],
  ];
  for (const [q, expected] of cases) {
    it(`${expected ? "matches" : "does not match"} with ${q === "" ? "nothing asked" : q}`, () => {
      assert.equal(userQuery(q)(jane), expected);
    });
  }
});
