import assert from "node:assert/strict";
import { personRoutes } from "../../../../cli/console/person/person-routes.ts";
import { searchRoutes } from "../../../../cli/console/person/search-routes.ts";
import { changePicture } from "../../../../cli/people/change-picture.ts";
import { clearPlan } from "../../../../cli/people/plain-plans.ts";
import { undoLast } from "../../../../cli/people/undo.ts";
import { fingerprintOf } from "../../../../policy/picture-copy.ts";
import { changeScopes, peopleOfTenant } from "../../people/tenant-people.ts";
import { openConsole, type OpenConsole } from "../open-console.ts";

describe("a person's page in the console", () => {
  const setup = peopleOfTenant();
  const sofia = {
    user_id: "google-oauth2|7",
    name: "Sofia",
    email: "sofia@acme.com",
    picture: "https://lh3.googleusercontent.com/a/s",
    user_metadata: { picture: "http://example.com/own.png" },
  };

  let console: OpenConsole | undefined;
  afterEach(() => console?.close());

  async function pageOf(userId: string, ...scopes: string[]): Promise<string> {
    const people = await setup().people("read:users", ...scopes);
    console ??= await openConsole(() => Promise.resolve(people), [searchRoutes, personRoutes]);
    const { headers } = await console.post("/people", { who: userId });
    return words((await console.get(String(headers.location))).body);
  }

  function words(html: string): string {
    const [, main = ""] = /<main>(.*)<\/main>/s.exec(html) ?? [];
    return main.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
  }

  beforeEach(() => {
    console = undefined;
  });

  it("says that somebody is not there any more, and what was written", async () => {
    setup().tenant.users.create(sofia);
    const people = await setup().people(...changeScopes);
    console = await openConsole(() => Promise.resolve(people), [searchRoutes, personRoutes]);
    await changePicture(people, { command: "clear", wanted: sofia.user_id, plan: clearPlan, yes: true });
    const { headers } = await console.post("/people", { who: sofia.user_id });
    await setup().api("DELETE", `/users/${encodeURIComponent(sofia.user_id)}`);
    const { status, body } = await console.get(String(headers.location));
    assert.equal(status, 404);
    assert.match(words(body), /There is no user google-oauth2\|7 in the tenant.*user-not-found.*clear/);
  });

  it("does not know what it may not read", async () => {
    setup().tenant.users.create(sofia);
    assert.match(await pageOf(sofia.user_id), /whether it overwrites the root picture cannot be read/);
  });

  it("says what the next login shows and why, of each picture what a login does with it, and what to do", async () => {
    setup().tenant.users.create({
      ...sofia,
      last_login: "2026-11-01T10:00:00.000Z",
      app_metadata: {
        picture_copy: {
          url: "https://img.acme.com/users/c.png",
          of: fingerprintOf("https://lh3.googleusercontent.com/a/old"),
        },
      },
    });
    const page = await pageOf(sofia.user_id, "read:connections", "read:connections_options");
    assert.match(page, /The next login shows the root picture Reason: kept/);
    assert.match(
      page,
      /Own picture http:\/\/example\.com\/own\.png The next login does not show it\. A login ignores it: it uses http, not https\./,
    );
    assert.match(
      page,
      /Root picture https:\/\/lh3\.googleusercontent\.com\/a\/s The next login shows it\..*from its provider/,
    );
    assert.match(
      page,
      /Copy of the root picture https:\/\/img\.acme\.com\/users\/c\.png The next login does not show it\. It is of an earlier root picture/,
    );
    assert.match(
      page,
      /Own-http: logins ignore the own picture, because it uses http\. If the same URL works/,
    );
    assert.match(
      page,
      /Connection google-oauth2 \(google-oauth2\); its provider overwrites the root picture at each login/,
    );
    assert.match(page, /Last login 2026-11-01 10:00 UTC/);
    assert.match(page, /Email sofia@acme\.com/);
  });

  it("shows what a blocked user set, and by whom, when and why it is blocked", async () => {
    setup().tenant.users.create({
      ...sofia,
      app_metadata: {
        picture_blocked: true,
        picture_block: { at: "2026-11-02T00:00:00Z", by: "moderator", reason: "<b>case</b> 4711" },
      },
    });
    const page = await pageOf(sofia.user_id);
    assert.match(page, /The next login shows the default image, because the picture is blocked/);
    assert.match(
      page,
      /Blocked: 2026-11-02T00:00:00Z, by client moderator, &#60;b&#62;case&#60;\/b&#62; 4711/,
    );
    assert.match(page, /Own picture http:\/\/example\.com\/own\.png/);
    assert.match(page, /Last login never/);
  });

  it("marks in the history what was undone", async () => {
    setup().tenant.users.create(sofia);
    const people = await setup().people(...changeScopes);
    await changePicture(people, { command: "clear", wanted: sofia.user_id, plan: clearPlan, yes: true });
    await undoLast(people, sofia.user_id, true);
    const page = await pageOf(sofia.user_id);
    assert.match(page, /UTC undo .*UTC clear \(undone\) .* user_metadata\.picture/);
  });

  it("asks no other server for a picture by itself, and has no id or email in an address", async () => {
    setup().tenant.users.create(sofia);
    await pageOf(sofia.user_id);
    const { headers } = await console!.post("/people", { who: sofia.user_id });
    const { body } = await console!.get(String(headers.location));
    const addresses = [...body.matchAll(/(?:src|href|action)="([^"]*)"/g)].map(([, address = ""]) => address);
    assert.ok(addresses.length > 3);
    for (const address of addresses) {
      const path = address.replace(/^http:\/\/127\.0\.0\.1:\d+(?=\/[^/]+\/picture\/)/, "");
      assert.ok(/^(data:,$|#)/.test(path) || path.startsWith(console!.base), address);
      assert.ok(!/sofia|google|@/.test(address), address);
    }
  });
});
