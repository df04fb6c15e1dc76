import assert from "node:assert/strict";
import { commandRoutes } from "../../../../cli/console/person/command-routes.ts";
import { personRoutes } from "../../../../cli/console/person/person-routes.ts";
import { searchRoutes } from "../../../../cli/console/person/search-routes.ts";
import { quarters } from "../../image/sample-images.ts";
import { changeScopes, peopleOfTenant } from "../../people/tenant-people.ts";
import { openConsole, type OpenConsole } from "../open-console.ts";
import type { RawAnswer } from "../raw-request.ts";

describe("the commands on a person's page in the console", () => {
  const setup = peopleOfTenant();
  const id = "auth0|jane";
  const own = "https://img.acme.com/users/0123456789abcdef/1.png";
  const reason = `spam "<b>" & \u202Emore`;

  let console: OpenConsole;
  let person: string;
  afterEach(() => console.close());

  async function open(...scopes: string[]): Promise<void> {
    setup().tenant.users.create({
      user_id: id,
      name: "Jane",
      email: "jane@acme.com",
      user_metadata: { picture: own, theme: "dark" },
    });
    const people = await setup().people(...scopes);
    console = await openConsole(
      () => Promise.resolve(people),
      [searchRoutes, personRoutes, commandRoutes],
      ["nudity", "<i>other</i>"],
    );
    person = String((await console.post("/people", { who: id })).headers.location);
  }

  const stored = () => {
    const { user_metadata: user = {}, app_metadata: app = {} } = setup().tenant.users.get(id) ?? {};
    return { user, app };
  };
  const writes = () => setup().tenant.requests.count({ method: "PATCH", pathPrefix: "/api/v2/users" });

  /** What the form with the question sends when its button is pressed. */
  function answerOf({ body }: RawAnswer): Record<string, string> {
    const hidden = [...body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)];
    assert.ok(hidden.length > 0, body);
    return Object.fromEntries(
      hidden.map(([, name = "", value = ""]) => [
        name,
        value.replace(/&#(\d+);/g, (_whole, code) => String.fromCharCode(Number(code))),
      ]),
    );
  }

  async function resultOf({ status, headers }: RawAnswer): Promise<string> {
    assert.equal(status, 303);
    const page = await console.get(String(headers.location));
    assert.equal(page.status, 200);
    return page.body;
  }

  it("are none for a client that may only read, with the sentence why, and none is done all the same", async () => {
    await open("read:users");
    const { body } = await console.get(person);
    assert.match(body, /Not offered: Mark as fine, .*Forget\..* its token lacks the scope update:users/s);
    assert.doesNotMatch(body, /<button/);
    for (const command of ["clear", "block", "forget"]) {
      const refused = await console.post(`${person}/${command}`, { answer: "yes", seen: "x", reason: "x" });
      assert.equal(refused.status, 403);
      assert.match(refused.body, /<code>scope-missing<\/code>/);
    }
    assert.equal(writes(), 0);
  });

  it("are those of moderators alone where the client may only block", async () => {
    await open("read:users", "update:users_app_metadata");
    const { body } = await console.get(person);
    assert.match(body, /\/block"/);
    assert.doesNotMatch(body, /\/clear"/);
    assert.match(body, /Not offered: .*Clear/);
    assert.equal((await console.post(`${person}/clear`, { answer: "yes", seen: "x" })).status, 403);
  });

  it("change nothing by GET, without an answer, or for what there is not", async () => {
    await open(...changeScopes);
    assert.equal((await console.get(`${person}/clear`)).status, 404);
    assert.equal((await console.post(`${person}/nothing`, { answer: "yes" })).status, 404);
    assert.equal((await console.post(`${console.base}/person/none/clear`, { answer: "yes" })).status, 404);
    for (const fields of [{}, { answer: "no" }, { answer: "yes" }, { seen: "x" }] as Record<
      string,
      string
    >[]) {
      const { status, body } = await console.post(`${person}/clear`, fields);
      assert.equal(status, 200);
      assert.match(body, /Nothing is changed yet/);
    }
    assert.equal(writes(), 0);
  });

  it("say what is wrong with a form, with its code, and change nothing", async () => {
    await open(...changeScopes);
    for (const [command, fields, code] of [
      ["block", { reason: " " }, "field-missing"],
      ["set", { url: "http://10.0.0.1/a.png" }, "picture-url-not-allowed"],
      ["set-file", {}, "field-missing"],
      ["undo", {}, "nothing-to-undo"],
    ] as const) {
      const { body } = await console.post(`${person}/${command}`, fields);
      assert.ok(body.includes(`<code>${code}</code>`), body);
      assert.match(body, /Nothing was changed\./);
      assert.match(body, /Back to the person/);
    }
    assert.equal(writes(), 0);
  });

  it("show a change that was made between question and answer, and ask again before they write", async () => {
    await open(...changeScopes);
    const asked = await console.post(`${person}/clear`);
    await setup().api("PATCH", `/users/${encodeURIComponent(id)}`, {
      user_metadata: { picture: "https://img.acme.com/users/0123456789abcdef/2.png" },
    });
    const before = writes();
    const again = await console.post(`${person}/clear`, answerOf(asked));
    assert.equal(again.status, 200);
    assert.match(again.body, /role="alert">.*changed since it was shown.*<code>changed-since-shown<\/code>/);
    assert.equal(writes(), before);
    const result = await resultOf(await console.post(`${person}/clear`, answerOf(again)));
    assert.match(result, /role="status">Done\./);
    assert.equal(stored().user["picture"], "");
  });

  it("tell what will be, ask, do it once, and have a result that can be loaded again", async () => {
    await open(...changeScopes);
    const asked = await console.post(`${person}/clear`);
    assert.match(asked.body, /alt="Jane, now: the user&#39;s own picture"/);
    assert.match(
      asked.body,
      /alt="Jane, next login: the default image, because the own picture was removed"/,
    );
    assert.match(asked.body, /Tokens that are already issued/);
    const done = await console.post(`${person}/clear`, answerOf(asked));
    for (let loaded = 0; loaded < 2; loaded += 1) assert.match(await resultOf(done), /Done\./);
    assert.deepEqual(stored().user, { picture: "", theme: "dark" });
    const twice = await console.post(`${person}/clear`, answerOf(asked));
    assert.match(twice.body, /changed-since-shown.*already like this/s);
    assert.match((await console.get(person)).body, /clear<\/td>|>clear/);
  });

  it("block for a reason as it was typed, which is shown harmlessly, and undo it", async () => {
    await open(...changeScopes);
    const { body } = await console.get(person);
    assert.match(body, /<option value="&#60;i&#62;other&#60;\/i&#62;">/);
    const asked = await console.post(`${person}/block`, { reason });
    await resultOf(await console.post(`${person}/block`, answerOf(asked)));
    assert.deepEqual((stored().app["picture_block"] as { reason: string }).reason, reason);
    const blocked = (await console.get(person)).body;
    assert.ok(!/<b>|\u202E/.test(blocked));
    assert.match(blocked, /Blocked: /);
    const undo = await console.post(`${person}/undo`);
    assert.match(undo.body, /Undoes block of/);
    await resultOf(await console.post(`${person}/undo`, answerOf(undo)));
    assert.notEqual(stored().app["picture_blocked"], true);
    assert.match((await console.get(person)).body, /block <strong>\(undone\)/);
  });

  it("mark what is final", async () => {
    await open(...changeScopes);
    const { body } = await console.get(person);
    for (const name of ["forget", "block-purge"]) {
      assert.match(body, new RegExp(`id="command-${name}".*?It cannot be undone\\..*?class="danger"`, "s"));
    }
    const asked = await console.post(`${person}/forget`);
    assert.match(asked.body, /It cannot be undone|cannot be undone/);
    assert.match(asked.body, /<button class="danger">Forget/);
  });

  describe("with a file", () => {
    const fileForm = async (bytes?: Buffer) => {
      const form = new FormData();
      form.set("file", new File([new Uint8Array(bytes ?? (await quarters().toBuffer()))], "me <b>.png"));
      return form;
    };

    it("refuse one that is no picture, and none", async () => {
      await open(...changeScopes);
      for (const bytes of [Buffer.from("<svg onload=alert(1)>"), Buffer.alloc(0)]) {
        const { body } = await console.upload(`${person}/set-file`, await fileForm(bytes));
        assert.match(body, /role="alert".*<code>(image-not-supported|field-missing)<\/code>/);
      }
    });

    it("say how large one may be", async () => {
      await open(...changeScopes);
      const { status, body } = await console.upload(
        `${person}/set-file`,
        await fileForm(Buffer.alloc(20_000_001)),
      );
      assert.equal(status, 413);
      assert.match(body, /20 MB/);
    });

    it("keep it between question and answer, a few at a time", async () => {
      await open(...changeScopes);
      const first = await console.upload(`${person}/set-file`, await fileForm());
      assert.match(first.body, /becomes a JPEG of/);
      const { held = "" } = answerOf(first);
      assert.match(held, /^[\w-]{22}$/);
      const [, preview = ""] = /src="([^"]+\/person\/file\/[^"]+)"/.exec(first.body) ?? [];
      assert.equal((await console.get(preview)).headers["content-type"], "image/jpeg");
      for (let more = 0; more < 3; more += 1) await console.upload(`${person}/set-file`, await fileForm());
      const { body } = await console.post(`${person}/set-file`, answerOf(first));
      assert.match(body, /<code>file-forgotten<\/code>/);
      assert.equal((await console.get(preview)).headers["content-type"], "image/svg+xml");
      assert.equal(writes(), 0);
    });
  });
});
