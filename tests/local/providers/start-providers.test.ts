import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { Agent, get as getByHttps } from "node:https";
import { buffer } from "node:stream/consumers";
import sharp from "sharp";
import { ensureCertificates } from "../../../local/certificates/ensure-certificates.ts";
import { startProviders, type Providers } from "../../../local/providers/start-providers.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const photo = "https://lh3.googleusercontent.com/a/sofia=s96-c";
const gravatar = (hash: string) => `https://s.gravatar.com/avatar/${hash}?s=480&d=404`;

describe("the stand-ins for providers", () => {
  const folder = temporaryFolder();
  let providers: Providers;
  let agent: Agent;

  beforeEach(async () => {
    const certificates = await ensureCertificates(folder());
    providers = await startProviders(certificates);
    agent = new Agent({ ca: readFileSync(certificates.caFile), servername: "localhost" });
  });
  afterEach(async () => {
    agent.destroy();
    await providers.stop();
  });

  async function get(address: string, headers: Record<string, string> = {}) {
    const { host, pathname, search } = new URL(address);
    const request = getByHttps({
      ...{ agent, host: "127.0.0.1", port: providers.port, path: `${pathname}${search}` },
      headers: { ...headers, host },
    });
    const [answer] = (await once(request, "response")) as [IncomingMessage];
    return { status: answer.statusCode, headers: answer.headers, content: await buffer(answer) };
  }

  it("give no answer while they are down, and the same as before afterwards", async () => {
    const before = await get(photo);
    providers.setDown(true);
    await assert.rejects(get(photo));
    providers.setDown(false);
    assert.deepEqual((await get(photo)).content, before.content);
  });

  for (const address of [
    gravatar("0bc83cb571cd1c50ba6f3e8a78ef1346"),
    "https://s.gravatar.com/other",
    "https://photos.lan/lina.png",
  ]) {
    it(`have no picture at ${address}`, async () => {
      assert.equal((await get(address)).status, 404);
    });
  }

  it("serve pictures, another one at each address", async () => {
    const found = await Promise.all(
      [photo, `${photo}0`, gravatar("205e460b479e2e5b48aec07710c08d50")].map((address) => get(address)),
    );
    for (const { status, headers, content } of found) {
      assert.equal(status, 200);
      assert.equal(headers["content-type"], "image/png");
      assert.equal((await sharp(content).metadata()).width, 200);
    }
    assert.equal(new Set(found.map(({ content }) => content.toString("base64"))).size, 3);
  });

  it("send no body to who has it already", async () => {
    const { headers } = await get(photo);
    const again = await get(photo, { "if-none-match": String(headers.etag) });
    assert.equal(again.status, 304);
    assert.equal(again.content.length, 0);
  });

  it("have a user of Entra, whose picture is in the profile", async () => {
    const { picture } = await providers.entraUser();
    assert.equal((await sharp(Buffer.from(picture, "base64")).metadata()).format, "png");
  });
});
