import assert from "node:assert/strict";
import { queueRoutes } from "../../../../cli/console/queue/queue-routes.ts";
import { nextLogin } from "../../../../cli/people/next-login.ts";
import type { People } from "../../../../cli/people/people.ts";
import { changeScopes, peopleOfTenant, settings } from "../../people/tenant-people.ts";
import { openConsole, type OpenConsole } from "../open-console.ts";
import { rawRequest, type RawAnswer } from "../raw-request.ts";

const [jane, joe] = ["auth0|jane", "auth0|joe"];

describe("the queue of the console", () => {
  const setup = peopleOfTenant();
  let people: People;
  let console: OpenConsole;

  async function open(...scopes: string[]): Promise<void> {
    people = await setup().people(...scopes);
    console = await openConsole(() => Promise.resolve(people), [queueRoutes], ["nudity"]);
  }

  beforeEach(() => {
    for (const [user_id, name] of [
      [jane, "Jane"],
      [joe, "Joe"],
    ] as const) {
      setup().tenant.users.create({
        user_id,
        name,
        email: `${name}@acme.com`,
        user_metadata: { picture: `https://img.acme.com/${name}.png`, theme: "dark" },
      });
    }
  });
  afterEach(() => console.close());

  const picture = (url: string) =>
    setup().api("PATCH", `/users/${encodeURIComponent(jane)}`, { user_metadata: { picture: url } });
  const reasonOf = async (id: string) => {
    const user = await people.users.get(id);
    assert.ok(user);
    return nextLogin(user, settings).reason;
  };
  const writes = () => setup().tenant.requests.count({ method: "PATCH", pathPrefix: "/api/v2/users/" });

  /** What the card of this name sends with a decision. */
  async function cardOf(name: string): Promise<{ readonly key: string; readonly seen: string }> {
    const { body } = await console.get("/");
    const card =
      body
        .split("<article")
        .slice(1)
        .find((part) => part.includes(`<bdi>${name}</bdi>`)) ?? "";
    const at = (field: string) => new RegExp(`data-${field}="([^"]*)"`).exec(card)?.[1] ?? "";
    assert.ok(at("key"), `${name} is not shown`);
    return { key: at("key"), seen: at("seen") };
  }

  /** As the page's script sends it. */
  const send = (path: string, body: unknown): Promise<RawAnswer> =>
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

  interface Result {
    readonly place: number;
    readonly id: string;
    readonly answer: Readonly<Record<"outcome" | "words" | "key" | "card", string | null>>;
  }

  const resultsAfter = async (place: number) =>
    JSON.parse((await console.get(`/results?after=${place}`)).body) as Result[];

  it("says why it cannot be read, with the code, and never that there is nothing to judge", async () => {
    await open("read:clients");
    const { body } = await console.get("/");
    assert.match(body, /role="alert">The pictures cannot be read.*<code>auth0-forbidden<\/code>/);
    assert.match(body, /<p id="end" tabindex="-1" hidden>/);
    const cards = await console.get("/cards?from=0");
    assert.equal(cards.status, 502);
    assert.equal((JSON.parse(cards.body) as { code: string }).code, "auth0-forbidden");
  });

  it("refuses what is no decision about one of its cards, and writes nothing", async () => {
    await open(...changeScopes);
    const card = await cardOf("Jane");
    const wrong: Record<string, string>[] = [
      {},
      { ...card },
      { ...card, decision: "toString" },
      { ...card, decision: "block" },
      { ...card, decision: "block", reason: " " },
      { ...card, decision: "block", reason: "x".repeat(501) },
      { ...card, decision: "fine", key: "unknown" },
      { ...card, decision: "fine", key: jane },
      { key: card.key, decision: "fine" },
    ];
    for (const fields of wrong) {
      const { status, body } = await console.post("/decisions", fields);
      assert.equal(status, 400, JSON.stringify(fields));
      assert.match(body, /<code>decision-invalid<\/code>/);
      assert.equal((await send("/decisions", fields)).status, 400);
    }
    for (const body of ["", "{", "[]", "null", "7", `"text"`, `{"__proto__":{"decision":"fine"}}`]) {
      assert.equal((await send("/decisions", body)).status, 400, body);
    }
    const several = { ...card, decision: ["fine"], reason: {} };
    assert.equal((await send("/decisions", several)).status, 400);
    assert.equal(writes(), 0);
  });

  it("changes nothing by GET", async () => {
    await open(...changeScopes);
    const { key, seen } = await cardOf("Jane");
    for (const path of ["/decisions", "/undo", "/look-again"]) {
      const { status } = await console.get(`${path}?key=${key}&seen=${seen}&decision=fine`);
      assert.equal(status, 404, path);
    }
    assert.equal(writes(), 0);
  });

  it("shows everything to a client that may only read, says why it offers nothing, and refuses what is sent anyway", async () => {
    await open("read:users");
    const { body } = await console.get("/");
    assert.match(body, /id="read-only">You can look, but change nothing\..*lacks the scope update:users/);
    assert.ok(body.includes("<bdi>Jane</bdi>") && body.includes("<bdi>Joe</bdi>"));
    assert.ok(!body.includes('name="decision"') && !body.includes('id="undo"'));
    for (const decision of ["fine", "clear", "block"]) {
      const card = await cardOf("Jane");
      await console.post("/decisions", { ...card, decision, reason: "nudity" });
      assert.match((await console.get("/")).body, /Not done\..*scope-missing/);
    }
    assert.equal((await console.post("/undo")).status, 409);
    assert.equal(writes(), 0);
  });

  it("offers no clearing to a client that may only block, and says what is missing", async () => {
    await open("read:users", "update:users_app_metadata");
    const { body } = await console.get("/");
    assert.match(body, /Not everything can be done here\..*update:users/);
    assert.ok(body.includes('value="fine"') && body.includes('value="block"'));
    assert.ok(!body.includes('value="clear"'));
  });

  it("makes decisions by form, right at the next login, and takes the last one back", async () => {
    await open(...changeScopes);
    const decided = await console.post("/decisions", {
      ...(await cardOf("Jane")),
      decision: "block",
      reason: "nudity",
    });
    assert.equal(decided.status, 303);
    assert.equal(await reasonOf(jane), "blocked");
    await console.post("/decisions", { ...(await cardOf("Joe")), decision: "clear" });
    assert.equal(await reasonOf(joe), "removed");
    const page = (await console.get("/")).body;
    assert.match(page, /There is no picture to judge\./);
    assert.match(page, /Clear\. Done\..*Block: nudity\. Done\./s);
    assert.equal((await console.post("/undo")).status, 303);
    assert.deepEqual([await reasonOf(joe), await reasonOf(jane)], ["user", "blocked"]);
    await cardOf("Joe");
    assert.deepEqual(
      people.journal.entries().map(({ command }) => command),
      ["block", "clear", "undo"],
    );
  });

  it("tells the page's script later what became of each decision, by the name that it gave", async () => {
    await open(...changeScopes);
    const cards = [await cardOf("Jane"), await cardOf("Joe")];
    for (const [index, card] of cards.entries()) {
      const { status } = await send("/decisions", { ...card, decision: "fine", id: `n${index}` });
      assert.equal(status, 202);
    }
    const all = await resultsAfter(0);
    while (all.length < 2) all.push(...(await resultsAfter(all.at(-1)?.place ?? 0)));
    assert.deepEqual(
      all.map(({ id, answer }) => [id, answer.outcome, answer.card]),
      [
        ["n0", "done", null],
        ["n1", "done", null],
      ],
    );
    assert.match((await console.get("/")).body, /data-results="2"/);
  });

  it("writes nothing about a picture that was changed meanwhile, and gives the card as it is now", async () => {
    await open(...changeScopes);
    const card = await cardOf("Jane");
    await picture("https://img.acme.com/other.png");
    const before = writes();
    await send("/decisions", { ...card, decision: "clear", id: "n" });
    const [result] = await resultsAfter(0);
    assert.equal(result?.answer.outcome, "changed");
    assert.match(result.answer.words ?? "", /changed-since-shown/);
    assert.equal(writes(), before);
    const seen = /data-seen="([^"]*)"/.exec(result.answer.card ?? "")?.[1] ?? "";
    assert.notEqual(seen, card.seen);
    await console.post("/decisions", { ...card, seen, decision: "clear" });
    assert.equal(await reasonOf(jane), "removed");
  });

  it("has a picture in it again that is changed after it was judged", async () => {
    await open(...changeScopes);
    await console.post("/decisions", { ...(await cardOf("Jane")), decision: "fine" });
    await picture("https://img.acme.com/new.png");
    const { status, headers } = await console.post("/look-again");
    assert.deepEqual([status, headers.location], [303, `${console.base}/`]);
    await cardOf("Jane");
  });

  it("shows names and pictures with markup, changes of direction and controls as text, and no id or email in an address", async () => {
    const name = `Eve <img src=x onerror=alert(1)>\u202Egnp\u0007 "'`;
    setup().tenant.users.create({
      user_id: "auth0|eve",
      name,
      email: "eve@acme.com",
      user_metadata: { picture: `https://img.acme.com/"><script>alert(1)</script>.png` },
    });
    await open(...changeScopes);
    const { body } = await console.get("/");
    assert.ok(body.includes("Eve &#60;img src=x onerror=alert(1)&#62;"));

    assert.ok(
      !body.includes("<img src=x") && !/[\u202E\u0007]/.test(body) && !body.includes("<script>alert"),
    );
    const addresses = [...body.matchAll(/(?:href|src|action)="([^"]*)"/g)].map(([, address = ""]) => address);
    assert.ok(addresses.length > 5);
    for (const address of addresses) assert.ok(!/@|\||%7C|acme\.com/i.test(address), address);
  });
});
