import assert from "node:assert/strict";
import type { Discourse } from "../../../cli/discourse/discourse.ts";
import { forums } from "./forum.ts";

describe("a request to Discourse", () => {
  const start = forums();
  const ask = ({ send }: Discourse) =>
    send({ method: "GET", path: "/site/settings.json", purpose: "read the site settings" });

  it("does not follow a redirect, which would take the key along", async () => {
    const asked: unknown[] = [];
    const other = await start({
      before: ({ headers }) => {
        asked.push(headers["api-key"]);
        return undefined;
      },
    });
    const forum = await start({
      before: () => ({ status: 302, headers: { location: `${other.url}/login?token=abc` } }),
    });
    await assert.rejects(ask(forum.connect()), (error: Error & { code?: string }) => {
      assert.equal(error.code, "discourse-redirects");
      assert.ok(error.message.includes(other.url));
      assert.doesNotMatch(error.message, /abc/);
      return true;
    });
    assert.deepEqual(asked, []);
  });

  it("is tried again after a server's fault", async () => {
    let requests = 0;
    const forum = await start({ before: () => ((requests += 1) < 3 ? { status: 502 } : undefined) });
    assert.equal((await ask(forum.connect())).status, 200);
  });

  it("fails where the fault stays, and says where to look", async () => {
    const forum = await start({ before: () => ({ status: 503 }) });
    await assert.rejects(ask(forum.connect()), { code: "discourse-error", message: /503.*\/logs/ });
  });

  it("fails where nothing listens", async () => {
    const forum = await start();
    await forum.close();
    await assert.rejects(ask(forum.connect()), { code: "discourse-unreachable", message: /ECONNREFUSED/ });
  });

  it("fails where the limit asks for a wait of hours", async () => {
    const forum = await start({
      before: () => ({ status: 429, body: { extras: { wait_seconds: 86_400 } } }),
    });
    await assert.rejects(ask(forum.connect()), { code: "discourse-rate-limited", message: /1441 minutes/ });
  });

  it("fails where the limit never ends", async () => {
    const forum = await start({ before: () => ({ status: 429 }) });
    await assert.rejects(ask(forum.connect()), {
      code: "discourse-rate-limited",
      message: /10 times in a row/,
    });
  });
});
