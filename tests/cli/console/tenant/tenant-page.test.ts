import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { personRoutes } from "../../../../cli/console/person/person-routes.ts";
import { tenantRoutes } from "../../../../cli/console/tenant/tenant-routes.ts";
import { peopleOfTenant } from "../../people/tenant-people.ts";
import { openConsole, type OpenConsole } from "../open-console.ts";

describe("the tenant at a glance in the console", () => {
  const setup = peopleOfTenant();

  let console: OpenConsole;
  async function open(...scopes: string[]): Promise<void> {
    const people = await setup().people(...scopes);
    console = await openConsole(() => Promise.resolve(people), [personRoutes, tenantRoutes]);
  }
  afterEach(() => console.close());

  /** The page once no audit is under way any more. */
  async function finished(): Promise<string> {
    for (let looked = 0; looked < 200; looked += 1) {
      const { headers, body } = await console.get("/tenant");
      if (headers["refresh"] === undefined) return body;
      await sleep(50);
    }
    return assert.fail("the audit does not end");
  }

  function addUsers(): void {
    for (let n = 0; n < 30; n += 1) {
      setup().tenant.users.create({
        user_id: `auth0|${String(n).padStart(2, "0")}`,
        email: `u${n}@acme.com`,
        user_metadata: { picture: `http://old.acme.com/${n}.png` },
      });
    }
    setup().tenant.users.create({
      user_id: "google-oauth2|<b>7</b>",
      picture: "https://lh3.googleusercontent.com/a/7?key=secret",
      app_metadata: { picture_blocked: true, picture_block: { reason: "<i>rude\u202E</i>" } },
    });
  }

  it("says why there is none where Auth0 refuses the export, and offers another try", async () => {
    await open("read:clients");
    assert.equal((await console.post("/tenant")).status, 303);
    const page = await finished();
    assert.match(page, /role="alert">[^<]*read:users[^<]*<code>auth0-[\w-]+<\/code>/);
    assert.match(page, /Look at all users/);
  });

  it("keeps what it knew where another look fails", async () => {
    addUsers();
    await open("read:users");
    await console.post("/tenant");
    await finished();
    const own = globalThis.fetch;
    globalThis.fetch = (url, init) =>
      String(url instanceof Request ? url.url : url).includes("/exports/")
        ? Promise.resolve(new Response("", { status: 404 }))
        : own(url, init);
    await console.post("/tenant");
    const page = await finished();
    assert.match(page, /<code>export-failed<\/code>/);
    assert.match(page, /31 users, looked at on/);
  });

  it("knows no finding and no reason that nobody has", async () => {
    await open("read:users");
    for (const path of ["/tenant/finding/own-http", "/tenant/reason/kept", "/tenant/finding/%3Cb%3E"]) {
      const { status, body } = await console.get(path);
      assert.equal(status, 404);
      assert.ok(!body.includes("<b>"));
    }
  });

  it("starts nothing by itself, and one at a time; it shows how far it is", async () => {
    await open("read:users");
    assert.equal((await console.get("/tenant")).headers["refresh"], undefined);
    for (let n = 0; n < 3; n += 1) await console.post("/tenant");
    const { headers, body } = await console.get("/tenant");
    assert.equal(headers["refresh"], "2");
    assert.match(body, /role="status">Waiting for Auth0&#39;s export …<.*<progress aria-label="The audit">/s);
    assert.doesNotMatch(body, /<button/);
    await finished();
    assert.equal(setup().tenant.requests.count({ method: "POST", pathPrefix: "/api/v2/jobs" }), 1);
  });

  it("ends with the console, also while it waits for Auth0", async () => {
    await open("read:users");
    const looks = () => setup().tenant.requests.count({ method: "GET", pathPrefix: "/api/v2/jobs" });
    await console.post("/tenant");
    await sleep(150);
    await console.close();
    const before = looks();
    await sleep(600);
    assert.equal(looks(), before, "the job is not looked at any more");
  });

  it("counts by reason and connection with bars, and leads from each finding to its people", async () => {
    addUsers();
    await open("read:users");
    await console.post("/tenant");
    const page = await finished();
    assert.match(page, /31 users, looked at on/);
    assert.match(page, /own-http: 30/);
    for (const table of ["Users by reason", "Users by the primary identity&#39;s connection"]) {
      assert.match(page, new RegExp(`<caption>${table}</caption>.*?<svg class="bar"`, "s"));
    }
    assert.match(page, /Username-Password-Authentication<\/th>\s*<td class="number">30/);
    assert.ok(page.includes("&#60;i&#62;rude\uFFFD&#60;/i&#62;"));
    assert.ok(!/secret|@acme|href="https?:|<i>|<b>/.test(page));

    const links = (body: string, part: string) =>
      [...body.matchAll(/href="([^"]+)"/g)]
        .map(([, link = ""]) => link)
        .filter((link) => link.includes(part));
    const [all = ""] = links(page, "/tenant/finding/");
    const list = (await console.get(all)).body;
    assert.match(list, /30 users/);
    const people = links(list, "/person/");
    assert.equal(people.length, 30);
    assert.match((await console.get(people[29] ?? "")).body, /auth0\|29/);

    const [blocked = ""] = links(page, "/tenant/reason/blocked");
    const [person = ""] = links((await console.get(blocked)).body, "/person/");
    assert.match((await console.get(person)).body, /google-oauth2\|&#60;b&#62;7/);
  });
});
