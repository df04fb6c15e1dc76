import assert from "node:assert/strict";
import { findUser } from "../../auth0/tenant-users.ts";
import { peopleOfTenant } from "../cli/people/tenant-people.ts";

describe("finding a user", () => {
  const setup = peopleOfTenant();
  const jane = { user_id: "auth0|jane", name: "Jane Doe", nickname: "jane", email: "jane@acme.com" };
  const twin = { user_id: "google-oauth2|7", name: "Jane Doe", nickname: "jd", email: "jane@acme.com" };

  async function find(wanted: string) {
    const { users } = await setup().people("read:users");
    return (await findUser(users, wanted)).user_id;
  }

  for (const wanted of ["auth0|nobody", "nobody@acme.com", "Nobody", " ", 'x" OR user_id:"auth0|jane', "*"]) {
    it(`finds nobody by ${JSON.stringify(wanted)}, and shows no email`, async () => {
      setup().tenant.users.create(jane);
      await assert.rejects(find(wanted), (error: { code?: string; message: string }) => {
        assert.equal(error.code, "user-not-found");
        assert.doesNotMatch(error.message, /@acme/);
        return true;
      });
    });
  }

  for (const wanted of ["jane@acme.com", "Jane Doe"]) {
    it(`lists everybody who is meant by ${wanted}, and guesses none`, async () => {
      for (const user of [jane, twin]) setup().tenant.users.create(user);
      await assert.rejects(find(wanted), (error: { code?: string; message: string }) => {
        assert.equal(error.code, "user-ambiguous");
        assert.match(
          error.message,
          /2 users.*\n {2}auth0\|jane \(Jane Doe\), connection Username-.*last login never\n/,
        );
        assert.match(error.message, /google-oauth2\|7/);
        assert.doesNotMatch(error.message, /@acme/);
        return true;
      });
    });
  }

  for (const wanted of ["auth0|jane", "jane@acme.com", "Jane@Acme.com", "Jane Doe", "jane", " jane "]) {
    it(`finds one by ${JSON.stringify(wanted)}`, async () => {
      setup().tenant.users.create(jane);
      assert.equal(await find(wanted), "auth0|jane");
    });
  }

  it("says which scope is missing where the token may not read users", async () => {
    const { users } = await setup().people("read:connections");
    await assert.rejects(findUser(users, "auth0|jane"), { code: "auth0-forbidden", message: /read:users/ });
  });
});
