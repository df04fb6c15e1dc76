import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { startConsoleServer, type ConsoleServer } from "../../../cli/console/console-server.ts";
import { sendPage } from "../../../cli/console/guard.ts";
import { consolePage } from "../../../cli/console/console-page.ts";
import { ExpectedError } from "../../../lib/errors.ts";
import { markup } from "../../../lib/html.ts";
import { rawRequest, type RawAnswer } from "./raw-request.ts";

describe("the console's server", () => {
  let server: ConsoleServer;
  let changes = 0;
  let isIdle = false;
  const start = (idleMs: number, port = 0): Promise<ConsoleServer> =>
    startConsoleServer({
      stack: "dev",
      env: {},
      people: () => Promise.reject(new ExpectedError("auth0-unreachable", "The tenant cannot be reached.")),
      port,
      reasons: [],
      discourse: false,
      idleMs,
      onIdle: () => {
        isIdle = true;
      },
      routes: [
        (app, context) => {
          app.get("/", (_request, reply) =>
            sendPage(reply, consolePage(context, { title: "Here", main: markup`<p>Here</p>` })),
          );
          app.post("/change", (_request, reply) => {
            changes += 1;
            return reply.redirect(`${context.base}/`, 303);
          });
          app.get("/people", async () => {
            await context.people();
          });
          app.get("/bug", () => {
            throw new TypeError("jane@example.com");
          });
        },
      ],
    });

  beforeEach(async () => {
    [changes, isIdle] = [0, false];
    server = await start(60_000);
  });
  afterEach(() => server.close());

  const origin = () => new URL(server.url).origin;
  const ask = (path: string, more: Parameters<typeof rawRequest>[1] = {}): Promise<RawAnswer> =>
    rawRequest(`${origin()}${path}`, more);

  /** Opens the one-time address as a browser does that comes from another site. */
  async function enter(): Promise<{ readonly base: string; readonly cookie: string }> {
    const { status, headers } = await ask(new URL(server.url).pathname, {
      headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" },
    });
    assert.equal(status, 200);
    const cookie = String(headers["set-cookie"]);
    assert.match(cookie, /^pictures_console=[\w-]{32}; Path=\/[\w-]{32}; HttpOnly; SameSite=Strict$/);
    const base = String(headers["refresh"]).replace(/^0;url=(.+)\/$/, "$1");
    return { base, cookie: cookie.split(";")[0] ?? "" };
  }

  it("lets in who has the one-time address, once", async () => {
    const { base, cookie } = await enter();
    const page = await ask(`${base}/`, { headers: { cookie } });
    assert.equal(page.status, 200);
    assert.match(page.body, /<p>Here<\/p>/);
    const again = await ask(new URL(server.url).pathname);
    assert.equal(again.status, 401);
    assert.equal(again.headers["set-cookie"], undefined);
  });

  it("lets nobody in by another token, and says nothing about paths", async () => {
    const { base } = await enter();
    for (const path of [
      "/open/wrong",
      "/",
      `${base}/`,
      `${base}/picture/x`,
      `${base}/nothing`,
      "/script/queue.js",
    ]) {
      const { status, body } = await ask(path);
      assert.equal(status, 401, path);
      assert.ok(!body.includes(base), path);
    }
    for (const cookie of ["pictures_console=", "pictures_console=x", "other=1; pictures_console=y"]) {
      assert.equal((await ask(`${base}/`, { headers: { cookie } })).status, 401);
    }
  });

  it("answers to its own address only: a name that was made to lead to it is another site's", async () => {
    const { base, cookie } = await enter();
    const { port } = new URL(server.url);
    for (const host of [
      "evil.example",
      `evil.example:${port}`,
      `localhost:${port}`,
      `127.0.0.1`,
      `[::1]:${port}`,
    ]) {
      const { status } = await ask(`${base}/`, { headers: { cookie, host } });
      assert.equal(status, 421, host);
    }
  });

  it("changes nothing for a request of another site, or of one that does not say where it is from", async () => {
    const { base, cookie } = await enter();
    const hostile: Record<string, string>[] = [
      {},
      { origin: "null" },
      { origin: "https://evil.example" },
      { origin: origin(), "sec-fetch-site": "cross-site" },
      { origin: origin(), "sec-fetch-site": "same-site" },
      { origin: origin().replace("127.0.0.1", "localhost") },
    ];
    for (const headers of hostile) {
      const { status } = await ask(`${base}/change`, { method: "POST", headers: { cookie, ...headers } });
      assert.equal(status, 403, JSON.stringify(headers));
    }
    assert.equal((await ask(`${base}/change`, { headers: { cookie } })).status, 404);
    assert.equal(changes, 0);
    const own = { cookie, origin: origin(), "sec-fetch-site": "same-origin" };
    assert.equal((await ask(`${base}/change`, { method: "POST", headers: own })).status, 303);
    assert.equal(changes, 1);
  });

  it("has a policy on every page that lets nothing run or load but its own", async () => {
    const { base, cookie } = await enter();
    for (const path of [`${base}/`, `${base}/nothing`, "/open/wrong"]) {
      const { headers } = await ask(path, { headers: { cookie } });
      const policy = String(headers["content-security-policy"]);
      assert.match(
        policy,
        /^default-src 'none'; style-src 'sha256-[^']+'; img-src data:( 'self' http:\/\/127\.0\.0\.1:\d+)?; base-uri 'none'; /,
      );
      assert.match(policy, /frame-ancestors 'none'$/);
      assert.equal(headers["cross-origin-resource-policy"], "same-origin");
      assert.equal(headers["cache-control"], "no-store");
      assert.equal(headers["x-content-type-options"], "nosniff");
    }
  });

  it("says what is wrong in words, and of a bug to the page no more than that there is one", async () => {
    const { base, cookie } = await enter();
    const failed = await ask(`${base}/people`, { headers: { cookie } });
    assert.equal(failed.status, 502);
    assert.match(failed.body, /The tenant cannot be reached\. <code>auth0-unreachable<\/code>/);
    const bug = await ask(`${base}/bug`, { headers: { cookie } });
    assert.equal(bug.status, 500);
    assert.ok(!bug.body.includes("jane@example.com"));
  });

  it("says that nobody has used it, and counts only those who are in", async () => {
    await server.close();
    server = await start(150);
    const { base, cookie } = await enter();
    await sleep(100);
    await ask(`${base}/`, { headers: { cookie } });
    await sleep(100);
    assert.equal(isIdle, false);
    await ask(`${base}/`);
    await sleep(100);
    assert.equal(isIdle, true);
  });

  it("refuses a port that is in use", async () => {
    await assert.rejects(start(1000, Number(new URL(server.url).port)), { code: "port-in-use" });
  });
});
