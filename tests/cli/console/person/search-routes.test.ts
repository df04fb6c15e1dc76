import assert from "node:assert/strict";
import { personRoutes } from "../../../../cli/console/person/person-routes.ts";
import { searchRoutes } from "../../../../cli/console/person/search-routes.ts";
import { peopleOfTenant } from "../../people/tenant-people.ts";
import { openConsole, type OpenConsole } from "../open-console.ts";

describe("the search for a person in the console", () => {
  const setup = peopleOfTenant();
  const jane = { user_id: "auth0|jane", name: "Jane Doe", nickname: "jane", email: "jane@acme.com" };
  const twin = { user_id: "google-oauth2|7", name: "Jane Doe", nickname: "jd", email: "jane@acme.com" };

  let console: OpenConsole;
  beforeEach(async () => {
    const people = await setup().people("read:users");
    console = await openConsole(() => Promise.resolve(people), [searchRoutes, personRoutes]);
  });
  afterEach(() => console.close());

  const search = (who: string) => console.post("/people", { who });

  it("says of nobody what the command says, and keeps what was typed for another try", async () => {
    setup().tenant.users.create(jane);
    for (const who of ["nobody@acme.com", "auth0|nobody", 'No"body<i>', "", "ja", "*", "jane d"]) {
      const { status, body } = await search(who);
      assert.equal(status, 200, who);
      assert.match(body, /role="alert">There is no user .*<code>user-not-found<\/code>/);
      assert.ok(!body.includes("<i>"));
    }
    const { body } = await search("x\u202Ey");
    assert.match(body, /holds U\+202E/);
    assert.ok(body.includes('value="x\u202Ey"'), "comes back as it was typed");
  });

  it("knows no result that it did not give out", async () => {
    for (const path of ["/people/none", "/person/none"]) {
      const { status, body } = await console.get(path);
      assert.equal(status, 404);
      assert.match(body, /Search again\./);
      assert.match(body, /name="who"/);
    }
  });

  for (const who of ["jane@acme.com", "auth0|jane", "Jane Doe", "Jane@acme.com", "jan", "jane@ac"]) {
    it(`leads from ${who} to the one who is meant, with nothing of it in the address`, async () => {
      setup().tenant.users.create(jane);
      const { status, headers } = await search(who);
      assert.equal(status, 303);
      assert.match(String(headers.location), new RegExp(`^${console.base}/person/[\\w-]{22}$`));
      const page = await console.get(String(headers.location));
      assert.equal(page.status, 200);
      assert.match(page.body, /<h1>Jane Doe<\/h1>/);
    });
  }

  it("lists several, whose page can be loaded again, and says where they only begin so", async () => {
    for (const user of [jane, twin]) setup().tenant.users.create(user);
    for (const [who, words] of [
      ["Jane Doe", "2 people match."],
      ["Jan", "begins so"],
    ] as const) {
      const { status, headers } = await search(who);
      assert.equal(status, 303);
      const address = String(headers.location);
      assert.ok(!/jane@|%40|@|auth0|%7c|\|/i.test(address));
      await console.get(address);
      const { body } = await console.get(address);
      assert.ok(body.includes(words), body);
      const links = [...body.matchAll(/href="([^"]+\/person\/[^"]+)"/g)].map(([, link = ""]) => link);
      assert.equal(links.length, 2);
      const ids = await Promise.all(links.map(async (link) => (await console.get(link)).body));
      assert.ok(ids.some((page) => page.includes("auth0|jane")));
      assert.ok(ids.some((page) => page.includes("google-oauth2|7")));
    }
  });

  it("shows names with markup, changes of direction and controls as text", async () => {
    const name = `Eve <img src=x onerror=alert(1)>\u202Egnp\u0007 "'`;
    for (const id of ["auth0|e1", "auth0|e2"]) {
      setup().tenant.users.create({ user_id: id, name, email: "eve@acme.com" });
    }
    const found = await console.get(String((await search("eve@acme.com")).headers.location));
    const [link = ""] = /[^"]+\/person\/[^"]+/.exec(found.body) ?? [];
    for (const { body } of [found, await console.get(link)]) {
      assert.ok(!/<img src=x|\u202E|\u0007/.test(body));
      assert.ok(body.includes("Eve &#60;img src=x onerror=alert(1)&#62;\uFFFDgnp\uFFFD"));
    }
  });
});
