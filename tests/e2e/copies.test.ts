import assert from "node:assert/strict";
import { fillWorld } from "../../local/start/fill-world.ts";
import { createLoginClient, type LoginClient } from "../../local/login/login.ts";
import { trustForEachTest } from "../trusted-fetch.ts";
import { getFromS3 } from "./get-from-s3.ts";
import { runPictures } from "./run-pictures.ts";
import { seededApp } from "./seeded-app.ts";
import { worldForSuite } from "./world.ts";

const sofia = "google-oauth2|social";
const entra = "waad|entra";

/** One story, in the order in which the tests stand. */
describe("copies of providers' pictures in the local world", function () {
  this.timeout(600_000);
  const world = worldForSuite();
  trustForEachTest(() => world().caFile);
  let app: LoginClient;
  let copy: string;

  before(async () => {
    const rows = await fillWorld(world());
    assert.equal(rows.length, 7);
    const { tenant, caFile } = world();
    app = await createLoginClient({ domain: tenant.domain, caFile, ...seededApp(tenant) });
  });
  after(() => app.close());

  async function pictureOf(userId: string): Promise<string> {
    return String((await app.login({ userId })).idTokenClaims["picture"]);
  }

  async function mirror(...options: readonly string[]) {
    const { out, code, err } = await runPictures(world(), "mirror", "--yes", "--json", ...options);
    assert.equal(err, "");
    return {
      code,
      ...(JSON.parse(out) as { counts: object; reasons: Record<string, number> }),
    };
  }

  async function send(fields: Record<string, string>, path = "/local/providers"): Promise<string> {
    const { issuer } = world().tenant;
    const body = new URLSearchParams(fields).toString();
    const { origin } = new URL(issuer);
    const headers = { origin, "content-type": "application/x-www-form-urlencoded" };
    const answer = await fetch(new URL(path, issuer), { method: "POST", headers, body });
    return await answer.text();
  }

  it("copies nothing while the providers are down, and says so", async () => {
    assert.match(await send({ change: "down" }), /do not answer/);
    const { code, counts } = await mirror();
    assert.equal(code, 2);
    assert.deepEqual(counts, { copied: 0, unchanged: 0, failed: 1, skipped: 6 });
    assert.equal(await pictureOf(sofia), world().tenant.users.get(sofia)?.picture);
    assert.match(await send({ change: "up" }), /<strong>answer<\/strong>/);
  });

  it("copies from the stand-ins, and from no other name with a private address", async () => {
    const userId = "google-oauth2|inside";
    world().tenant.users.create({ user_id: userId, picture: "https://localhost/a.png" });
    const { counts, reasons } = await mirror();
    assert.deepEqual(counts, { copied: 1, unchanged: 0, failed: 1, skipped: 6 });
    assert.equal(reasons["picture-url-not-public"], 1);
    world().tenant.users.delete(userId);
  });

  it("shows the copy at the next login, and on the page", async () => {
    copy = await pictureOf(sofia);
    assert.match(copy, /\/pictures\/users\/[0-9a-f]{32}\/copy-[0-9a-f]{16}\.jpg$/);
    const text = await send({ user: sofia }, "/local/login");
    assert.match(text, /Sofia Social, before login: Stand-in: Google/);
    assert.match(text, /Sofia Social, after login: Copy of the provider’s picture/);
    assert.ok(text.includes(`<img src="${copy}"`));
  });

  it("shows a small copy of a picture in base64, as Entra gives it", async () => {
    const page = await send({ change: "add-entra" });
    assert.match(page, /Erna Entra, before login: Stand-in: no address/);
    const { counts } = await mirror();
    assert.deepEqual(counts, { copied: 1, unchanged: 1, failed: 0, skipped: 6 });
    const url = await pictureOf(entra);
    assert.match(url, /\/copy-[0-9a-f]{16}\.\w+$/);
    assert.equal((await getFromS3(url, world().caFile)).status, 200);
  });

  it("still shows the copies with the source down", async () => {
    const page = await send({ change: "down" });
    assert.match(page, /Sofia Social, before login: Google is down: no picture/);
    assert.equal(await pictureOf(sofia), copy);
    const { status, contentType } = await getFromS3(copy, world().caFile);
    assert.deepEqual({ status, contentType }, { status: 200, contentType: "image/jpeg" });
    const { code } = await mirror();
    assert.equal(code, 2);
    assert.equal(await pictureOf(sofia), copy, "a failed source takes no copy away");
  });
});
