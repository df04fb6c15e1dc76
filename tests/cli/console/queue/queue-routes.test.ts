import assert from "node:assert/strict";
import { queueRoutes } from "../../../../cli/console/queue/queue-routes.ts";
import { nextLogin } from "../../../../cli/people/next-login.ts";
import type { People } from "../../../../cli/people/people.ts";
import { seenOf } from "../../../../cli/people/seen-picture.ts";
import { pollUntil } from "../../../../lib/clock.ts";
import { hostile } from "../../../printable.ts";
import { changeScopes, peopleOfTenant, settings } from "../../people/tenant-people.ts";
import { openConsole, type OpenConsole } from "../open-console.ts";
import { rawRequest, type RawAnswer } from "../raw-request.ts";

describe("the queue's page", function () {
  this.timeout(90_000);
  const setup = peopleOfTenant();
  const id = "auth0|jane";
  const own = "https://img.acme.com/users/0123456789abcdef/1.png";

  let people: People;
  let console: OpenConsole;
  afterEach(() => console.close());

  const create = (userId = id, more: object = {}) =>
    setup().tenant.users.create({
      user_id: userId,
      name: "Jane",
      email: "jane@acme.com",
      user_metadata: { picture: own, theme: "dark" },
      ...more,
    });

  async function open(...scopes: readonly string[]): Promise<void> {
    people = await setup().people(...scopes);
    console = await openConsole(() => Promise.resolve(people), [queueRoutes], ["nudity"]);
  }

  const patch = (body: object) => setup().api("PATCH", `/users/${encodeURIComponent(id)}`, body);
  const writes = () => setup().tenant.requests.count({ method: "PATCH", pathPrefix: "/api/v2/users" });
  const stored = async () => (await people.users.get(id))!;

  /** The page once the tenant has answered: until then it looks again by itself. */
  async function page(): Promise<RawAnswer> {
    let answer: RawAnswer = { status: 0, headers: {}, body: "" };
    const isThere = async () => {
      answer = await console.get("/");
      return answer.headers["refresh"] === undefined;
    };
    assert.ok(await pollUntil(isThere, { withinMs: 60_000, everyMs: 50 }));
    return answer;
  }

  /** What the first card's forms send. */
  function cardIn({ body }: RawAnswer): { key: string; seen: string } {
    const [, key = "", seen = ""] = /data-key="([^"]+)" data-seen="([^"]*)"/.exec(body) ?? [];
    assert.notEqual(key, "");
    return { key, seen };
  }

  /** As the page's script sends it. */
  const sendJson = (path: string, body: unknown) =>
    rawRequest(`${console.origin}${console.base}${path}`, {
      method: "POST",
      headers: {
        cookie: console.cookie,
        origin: console.origin,
        accept: "application/json",
        "content-type": "application/json",
      },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });

  it("is not empty where the tenant gives no users: it says why, with the code", async () => {
    await open("update:users");
    const shown = await page();
    assert.match(shown.body, /cannot be read, so there may be more than are shown.*<code>auth0-/s);
    assert.match(shown.body, /<p id="end" tabindex="-1" hidden>/);
  });

  it("changes nothing for what is no decision about a card", async () => {
    create();
    await open(...changeScopes);
    const { key, seen } = cardIn(await page());
    const bodies: Record<string, string>[] = [
      {},
      { key, seen },
      { key, seen, decision: "delete" },
      { key, seen, decision: "block" },
      { key, seen, decision: "block", reason: "  " },
      { key, seen, decision: "block", reason: "x".repeat(501) },
      { key: "x", seen, decision: "clear" },
      { key: id, seen, decision: "clear" },
      { key, decision: "clear" },
    ];
    for (const body of bodies) {
      assert.equal((await console.post("/decisions", body)).status, 400, JSON.stringify(body));
      assert.equal((await sendJson("/decisions", body)).status, 400, JSON.stringify(body));
    }
    for (const body of ["{", "null", "[]", '{"key":{},"seen":[],"decision":"clear"}', '"x"']) {
      assert.equal((await sendJson("/decisions", body)).status, 400, body);
    }
    for (const path of ["/decisions", "/undo", "/look-again"]) {
      assert.equal((await console.get(path)).status, 404, path);
    }
    assert.equal(writes(), 0);
  });

  it("writes nothing for a client that may only read, also where a form is sent all the same", async () => {
    create();
    await open("read:users");
    const shown = await page();
    assert.match(shown.body, /You can look, but change nothing\..*lacks the scope update:users/);
    assert.ok(!/<button[^>]*name="decision"/.test(shown.body));
    const card = cardIn(shown);
    for (const decision of ["fine", "block", "clear"]) {
      await console.post("/decisions", { ...card, decision, reason: "spam" });
    }
    assert.match((await page()).body, /Not done\. .*\(scope-missing\)/);
    assert.equal(writes(), 0);
  });

  it("offers no clearing to a client that may only block", async () => {
    create();
    await open("read:users", "update:users_app_metadata");
    const shown = await page();
    assert.match(shown.body, /Not everything can be done here\./);
    const offered = [...shown.body.matchAll(/name="decision" value="(\w+)"/g)].map(([, value]) => value);
    assert.deepEqual(offered, ["fine", "block"]);
    await console.post("/decisions", { ...cardIn(shown), decision: "clear" });
    assert.equal(writes(), 0);
  });

  it("writes nothing where the picture is another one by now, and shows that one", async () => {
    create();
    await open(...changeScopes);
    const card = cardIn(await page());
    await patch({ user_metadata: { picture: `${own}?2` } });
    const before = writes();
    await console.post("/decisions", { ...card, decision: "clear" });
    assert.equal(writes(), before);
    const again = await page();
    assert.match(again.body, /Not done\. .*\(changed-since-shown\)/);
    const now = cardIn(again);
    assert.equal(now.seen, seenOf(await stored()));
    await console.post("/decisions", { ...now, decision: "clear" });
    assert.equal(nextLogin(await stored(), settings).reason, "removed");
  });

  it("says that somebody is gone, and does not show the card again", async () => {
    create();
    await open(...changeScopes);
    const card = cardIn(await page());
    setup().tenant.users.delete(id);
    await console.post("/decisions", { ...card, decision: "fine" });
    const { body } = await page();
    assert.match(body, /\(user-not-found\)/);
    assert.ok(!body.includes('class="judged"'));
  });

  const reasons = { fine: "user", block: "blocked", clear: "removed" } as const;
  for (const [decision, reason] of Object.entries(reasons)) {
    it(`carries out ${decision}, so that the next login shows it, and takes it back`, async () => {
      create();
      await open(...changeScopes);
      const sent = await console.post("/decisions", {
        ...cardIn(await page()),
        decision,
        reason: hostile.slice(0, 100),
      });
      assert.equal(sent.status, 303);
      assert.equal(nextLogin(await stored(), settings).reason, reason);
      const after = await page();
      assert.match(after.body, /There is no picture to judge\./);
      assert.match(after.body, /\. Done\./);
      assert.equal((await console.post("/undo")).status, 303);
      assert.deepEqual((await stored())["user_metadata"], { picture: own, theme: "dark" });
      assert.equal(nextLogin(await stored(), settings).reason, "user");
      cardIn(await page());
      assert.equal(people.journal.entries(id).length, 2);
      const refused = await console.post("/undo");
      assert.equal(refused.status, 409);
      assert.match(refused.body, /nothing-to-undo/);
    });
  }

  it("answers the script at once, and tells later what became of it, by the name that the script gave", async () => {
    create();
    await open(...changeScopes);
    const card = cardIn(await page());
    assert.equal((await sendJson("/decisions", { ...card, decision: "clear", id: "n1" })).status, 202);
    const [result] = JSON.parse((await console.get("/results?after=0")).body) as {
      id: string;
      answer: { outcome: string; key: string };
    }[];
    assert.deepEqual([result?.id, result?.answer.outcome, result?.answer.key], ["n1", "done", card.key]);
  });

  it("shows names with markup, changes of direction and controls as text, and no id or email in an address", async () => {
    create(id, { name: hostile, nickname: hostile });
    await open(...changeScopes);
    const { body } = await page();
    assert.ok(!/<script>|<img src=x/i.test(body.replace(/<script src="[^"]*" defer><\/script>/, "")));
    assert.ok(!/[\u202a-\u202e\u2066-\u2069\u0000-\u0008]/.test(body));
    for (const [, address = ""] of body.matchAll(/(?:href|src|action)="([^"]*)"/g)) {
      assert.ok(!/jane|auth0|acme/.test(decodeURIComponent(address)), address);
    }
  });

  it("says by which way the pictures were found, how far that is and how old, and looks again when it is told to", async () => {
    create();
    await open(...changeScopes);
    assert.match((await page()).body, /Found by the search for users\..*Asked at <time .*ago\./s);
    create("auth0|other");
    assert.equal((await console.post("/look-again")).status, 303);
    assert.equal((await page()).body.match(/class="judged"/g)?.length, 2);
  });
});
