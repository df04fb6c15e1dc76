import assert from "node:assert/strict";
import { findLinked, findUser, findUsers, findUsersBeginning } from "../../auth0/tenant-users.ts";
import { linkedNote } from "../../auth0/user.ts";
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

  it("gives everybody who is meant, and nobody where there is none", async () => {
    for (const user of [jane, twin]) setup().tenant.users.create(user);
    const { users } = await setup().people("read:users");
    const ids = async (wanted: string) => {
      const { found, total } = await findUsers(users, wanted);
      return [total, ...found.map(({ user_id: id }) => id)];
    };
    assert.deepEqual(await ids("Jane Doe"), [2, "auth0|jane", "google-oauth2|7"]);
    assert.deepEqual(await ids("jd"), [1, "google-oauth2|7"]);
    assert.deepEqual(await ids("nobody@acme.com"), [0]);
  });

  for (const wanted of ["", "ja", "Jane Doe", "jan* OR x", "name:jane", '"jane', "-jane", "jane\\"]) {
    it(`searches for no beginning ${JSON.stringify(wanted)}, which a search could read as something else`, async () => {
      const { users } = await setup().people("read:users");
      const search = () => assert.fail("nothing is searched");
      assert.deepEqual(await findUsersBeginning({ ...users, search }, wanted), { found: [], total: 0 });
    });
  }

  it("finds those whose name or email begins so", async () => {
    for (const user of [jane, twin, { user_id: "auth0|x", name: "Xavier" }]) {
      setup().tenant.users.create(user);
    }
    const { users } = await setup().people("read:users");
    for (const wanted of ["jan", " Jane ", "jane@ac"]) {
      assert.equal((await findUsersBeginning(users, wanted)).total, 2);
    }
  });

  describe("by the id of a linked identity", () => {
    const identity = (provider: string, user_id: string, connection = provider) => ({
      user_id,
      provider,
      connection,
    });
    const database = (id: string) => identity("auth0", id, "Username-Password-Authentication");
    /** As an application links: the second user vanishes. */
    async function link(secondary: string): Promise<void> {
      const { tenant, api } = setup();
      tenant.users.create(jane);
      tenant.users.create({ user_id: secondary });
      const [provider = "", ...rest] = secondary.split("|");
      const body = { provider, user_id: rest.join("|") };
      const { status } = await api("POST", `/users/${encodeURIComponent(jane.user_id)}/identities`, body);
      assert.equal(status, 201);
    }

    for (const [secondary, wanted] of [
      ["google-oauth2|77", "google-oauth2|77"],
      ["google-oauth2|77", "google-oauth2%7C77"],
      ["samlp|corp|jane@acme.com", "samlp|corp|jane@acme.com"],
      ['ad|corp|CN=Jane "J" \\ Doe', 'ad|corp|CN=Jane "J" \\ Doe'],
      ["waad|x y", " waad|x y "],
    ] as const) {
      it(`finds the user whom ${secondary} is linked to by ${JSON.stringify(wanted)}, and says so`, async () => {
        await link(secondary);
        const { users } = await setup().people("read:users");
        const user = await findUser(users, wanted);
        assert.equal(user.user_id, "auth0|jane");
        assert.equal(linkedNote(wanted, user), `${secondary} is linked to auth0|jane.`);
        assert.equal(linkedNote("auth0|jane", user), undefined);
        assert.equal(linkedNote("Jane Doe", user), undefined);
      });
    }

    for (const wanted of ["auth0%7Cjane", "auth0%7cjane", "auth0%257Cjane"]) {
      it(`reads ${wanted}, as an address writes it`, async () => {
        setup().tenant.users.create(jane);
        assert.equal(await find(wanted), "auth0|jane");
      });
    }

    it("takes no user who has the provider of one identity and the id of another", async () => {
      const identities = [database("jane"), identity("google-oauth2", "7"), identity("github", "77")];
      setup().tenant.users.create({ ...jane, identities });
      await assert.rejects(find("google-oauth2|77"), {
        code: "user-not-found",
        message: /no user google-oauth2\|77 .*No user has it as a linked identity either/,
      });
      assert.equal(await find("github|77"), "auth0|jane");
    });

    it("takes none from whom the search had not heard that the identity was taken away", async () => {
      setup().tenant.users.create(jane);
      const { users } = await setup().people("read:users");
      const stale = { ...jane, identities: [database("jane"), identity("google-oauth2", "77")] };
      const search = () => Promise.resolve({ users: [stale], total: 1 });
      await assert.rejects(findUser({ ...users, search }, "google-oauth2|77"), { code: "user-not-found" });
    });

    it("looks many up together, and one by one only where others crowd them out", async () => {
      const ids = Array.from({ length: 45 }, (_, index) => `google-oauth2|${index}`);
      setup().tenant.users.create({
        ...jane,
        identities: [
          database("jane"),
          ...ids.slice(0, 40).map((id) => identity("google-oauth2", id.slice(14))),
        ],
      });
      const { users } = await setup().people("read:users");
      let searches = 0;
      const search = (q: string) => {
        searches += 1;
        return users.search(q);
      };
      const found = await findLinked({ search }, ids);
      assert.deepEqual([...found.keys()], ids.slice(0, 40));
      assert.deepEqual([...new Set(found.values())], ["auth0|jane"]);
      assert.equal(searches, 3);
      for (let number = 0; number < 30; number += 1) {
        setup().tenant.users.create({
          user_id: `auth0|crowd${number}`,
          identities: [database(`crowd${number}`), identity("github", "7")],
        });
      }
      assert.deepEqual(
        [...(await findLinked({ search }, ["google-oauth2|7", "google-oauth2|8"]))]
          .map(([id]) => id)
          .toSorted(),
        ["google-oauth2|7", "google-oauth2|8"],
      );
    });

    it("names a character in it that cannot be seen", async () => {
      setup().tenant.users.create(jane);
      await assert.rejects(find("auth0|jane\u200B"), {
        code: "user-not-found",
        message: /holds U\+200B ZERO WIDTH SPACE \(character 11\)/,
      });
    });
  });

  it("says which scope is missing where the token may not read users", async () => {
    const { users } = await setup().people("read:connections");
    await assert.rejects(findUser(users, "auth0|jane"), { code: "auth0-forbidden", message: /read:users/ });
  });
});
