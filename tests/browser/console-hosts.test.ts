import assert from "node:assert/strict";
import { probeLimits, probeWithNetwork } from "../../cli/image/probe-picture-url.ts";
import type { ProbeNetwork } from "../../cli/image/public-network.ts";
import { startPictureServer } from "../cli/image/picture-server.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { judgedInBrowser } from "./judged-in-browser.ts";

describe("the console in a browser, beside hostile hosts of pictures,", function () {
  this.timeout(240_000);
  const { start, open, create, serve } = judgedInBrowser();
  const folder = temporaryFolder();

  it("runs nothing of what a host sends in the place of a picture", async () => {
    serve((url) => {
      const what = url.includes("/1.")
        ? "<!doctype html><script>document.title='owned'</script>"
        : "<svg onload='alert(1)'/>";
      return Promise.resolve(Buffer.from(what));
    });
    for (const number of [1, 2]) create(number);
    await start();
    const page = await open();
    const asked = new Set<string>();
    page.on("request", (request) => asked.add(new URL(request.url()).hostname));
    await page.reload({ waitUntil: "networkidle" });
    assert.deepEqual([...asked], ["127.0.0.1"]);
    const shown = await page.evaluate<string[]>(
      '[...document.querySelectorAll(".frame img")].map(({ src }) => src)',
    );
    assert.equal(shown.length, 2);
    const types: string[] = [];
    for (const address of shown) types.push(await (await page.context().request.get(address)).text());
    for (const text of types) assert.ok(text.includes("Cannot be shown") && !/<script|onload/.test(text));
  });

  it("stays usable where hosts are slow, send without end or redirect inward", async () => {
    const silent = new Set<string>();
    let inward = 0;
    const hosts = await startPictureServer(folder(), (request, response) => {
      const path = request.url ?? "";
      if (path.startsWith("/inside")) inward += 1;
      else if (path.startsWith("/slow")) silent.add(path);
      else if (path.startsWith("/huge")) {
        response.setHeader("content-type", "image/png");
        const more = () => {
          while (!response.destroyed && response.write(Buffer.alloc(200_000)));
        };
        response.on("drain", more);
        more();
      } else response.writeHead(302, { location: `https://127.0.0.9:${hosts.port}/inside` }).end();
    });
    const network: ProbeNetwork = {
      lookup: () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]),
      isAllowed: (address) => address === "127.0.0.1",
      ca: hosts.ca,
    };
    serve(async (url) => {
      const limits = { ...probeLimits, timeoutMs: 4000, maxBytes: 2_000_000, keepsContent: true };
      return (await probeWithNetwork(url, network, limits)).content ?? Buffer.alloc(0);
    });
    try {
      const paths = ["/slow", "/huge", "/redirect", "/slow", "/slow", "/slow", "/slow", "/slow", "/slow"];
      paths.forEach((path, number) => {
        create(number, { user_metadata: { picture: `${hosts.origin}${path}?${number}` } });
      });
      await start();
      const page = await open();
      const startedAt = performance.now();
      await page.getByRole("article").first().focus();
      for (let count = 0; count < 9; count += 1) await page.keyboard.press("a");
      await page
        .locator("#count")
        .filter({ hasText: /^9 judged/ })
        .waitFor();
      const took = performance.now() - startedAt;
      assert.ok(silent.size > 0, "a slow host was asked");
      assert.ok(took < 4000, `nine decisions took ${took} ms, as long as a slow picture`);
      for (const path of ["/huge?1", "/redirect?2"]) {
        const number = paths.findIndex((each, index) => `${each}?${index}` === path);
        const address = await page
          .getByRole("article", { name: `User ${number}`, exact: true })
          .getByRole("img")
          .getAttribute("src");
        const drawn = await (await page.context().request.get(address ?? "")).text();
        assert.match(drawn, /Cannot be shown/, path);
      }
      assert.equal(inward, 0);
    } finally {
      await hosts.stop();
    }
  });
});
