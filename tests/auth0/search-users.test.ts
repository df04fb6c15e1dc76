import assert from "node:assert/strict";
import { userSearch } from "../../auth0/search-users.ts";
import { peopleOfTenant } from "../cli/people/tenant-people.ts";

describe("a page of a search for users", () => {
  const setup = peopleOfTenant();
  const q = "_exists_:user_metadata.picture";

  async function search(...scopes: string[]) {
    const { access } = await setup().people(...(scopes.length === 0 ? ["read:users"] : scopes));
    return userSearch(access);
  }

  const refused = () =>
    setup()
      .tenant.faults.injected()
      .map(({ kind }) => kind);

  it("says that a search took too long after asking once", async () => {
    const searchPage = await search();
    setup().tenant.faults.set([{ kind: "503" }]);
    await assert.rejects(searchPage({ q }), { code: "auth0-search-too-slow", message: /took too long/ });
    assert.deepEqual(refused(), ["503"]);
  });

  it("waits as a rate limit asks, and repeats what fails otherwise", async () => {
    const searchPage = await search();
    setup().tenant.faults.set([
      { kind: "429", times: 1, ms: 1000 },
      { kind: "502", times: 1 },
    ]);
    assert.deepEqual(await searchPage({ q }), { users: [] });
    assert.deepEqual(refused(), ["429", "502"]);
  }).timeout(20_000);

  it("says what is wrong with a query, and which scope is missing", async () => {
    await assert.rejects((await search())({ q: "name:" }), { code: "auth0-failed", message: /malformed/ });
    await assert.rejects((await search("read:connections"))({ q }), {
      code: "auth0-forbidden",
      message: /read:users/,
    });
  });

  it("refuses the page beyond the thousandth result, as Auth0 does", async () => {
    await assert.rejects((await search())({ q, page: 10 }), { code: "auth0-failed", message: /first 1000/ });
  });

  it("gives the wanted fields in the wanted order, and counts where that is asked", async () => {
    for (let n = 0; n < 3; n += 1) {
      setup().tenant.users.create({
        user_id: `auth0|${n}`,
        nickname: "jane",
        updated_at: `2026-01-0${n + 1}T00:00:00.000Z`,
        user_metadata: { picture: "https://img.acme.com/own.png" },
      });
    }
    const searchPage = await search();
    const wanted = { q, sort: "updated_at:-1", fields: ["user_id", "nickname"], perPage: 2 };
    assert.deepEqual(await searchPage({ ...wanted, counted: true }), {
      users: [2, 1].map((n) => ({ user_id: `auth0|${n}`, nickname: "jane" })),
      total: 3,
    });
    assert.deepEqual(await searchPage({ ...wanted, page: 1 }), {
      users: [{ user_id: "auth0|0", nickname: "jane" }],
    });
  });
});
