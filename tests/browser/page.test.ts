import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import type { BrowserContext, Locator, Page } from "playwright-core";
import { fillWorld } from "../../local/start/fill-world.ts";
import { worldForSuite } from "../e2e/world.ts";
import { browserForSuite } from "./browser-for-suite.ts";

const own = "Olga Own-Picture";

describe("the page in a browser", function () {
  this.timeout(600_000);
  const browser = browserForSuite();
  const world = worldForSuite();
  before(async () => {
    await fillWorld(world());
  });

  let context: BrowserContext;
  let page: Page;
  let hosts: Set<string>;
  beforeEach(() => open({ width: 1280 }));
  afterEach(async () => {
    await context.close();
    assert.deepEqual([...hosts], ["localhost"], "no request leaves the machine");
  });

  /** The page in a new profile. */
  async function open({ width, dark = false }: { width: number; dark?: boolean }): Promise<void> {
    context = await browser().newContext({
      ignoreHTTPSErrors: true,
      viewport: { width, height: 900 },
      colorScheme: dark ? "dark" : "light",
    });
    hosts = new Set();
    context.on("request", (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol !== "data:") hosts.add(hostname);
    });
    page = await context.newPage();
    await page.goto(world().tenant.issuer, { waitUntil: "networkidle" });
  }

  function card(name: string): Locator {
    return page.getByRole("article", { name });
  }

  async function change(name: string, button: string): Promise<void> {
    await card(name).getByText("Change the picture").click();
    await card(name).getByRole("button", { name: button, exact: true }).click();
    await page.waitForLoadState("networkidle");
  }

  async function logIn(name: string): Promise<void> {
    await card(name)
      .getByRole("button", { name: `Log in as ${name}` })
      .click();
    await page.waitForLoadState("networkidle");
  }

  /** What the card shows after the login: the picture's address and how many pixels of it there are. */
  async function shownAfter(name: string): Promise<{ src: string | null; width: number }> {
    const image = card(name).getByRole("img", { name: `${name}, after login` });
    const width = await image.evaluate(
      (element) => (element as unknown as { naturalWidth: number }).naturalWidth,
    );
    return { src: await image.getAttribute("src"), width };
  }

  /** What axe finds, with the elements. */
  async function violations(): Promise<string[]> {
    const results = await new AxeBuilder({ page }).analyze();
    return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  }

  it("shows the default once a user is blocked and logs in again, and the own picture once that is undone", async () => {
    await logIn(own);
    const before = await shownAfter(own);
    assert.match(before.src ?? "", /\/users\/.*\.png$/);
    assert.equal(before.width, 256);

    await change(own, "Block");
    assert.equal((await shownAfter(own)).src, before.src, "a change shows at the next login only");
    await card(own).getByText("The next login: the default image, because the picture is blocked").waitFor();
    await logIn(own);
    const blocked = await shownAfter(own);
    assert.match(blocked.src ?? "", /\/default-[0-9a-f]+\.png$/);
    assert.ok(blocked.width > 0, "the default image is loaded");

    await change(own, "Unblock");
    await logIn(own);
    assert.deepEqual(await shownAfter(own), before);
  });

  it("shows a picture that the user sets, and the default once they clear it", async () => {
    const name = "Paul Placeholder";
    await change(name, "Set");
    await logIn(name);
    assert.equal((await shownAfter(name)).width, 256);
    await change(name, "Clear");
    await logIn(name);
    assert.match((await shownAfter(name)).src ?? "", /\/default-/);
    await change(name, "Use original");
  });

  it("logs a user in with the browser, by the tenant's login page", async () => {
    await card(own).getByRole("link", { name: "Log in with this browser" }).click();
    await page.getByRole("heading", { name: "Log in" }).waitFor();
    assert.deepEqual(await violations(), []);
    await page.getByRole("button", { name: `Log in as ${own}` }).click();
    await page.getByRole("heading", { name: "Users" }).waitFor();
    await page.waitForLoadState("networkidle");
    assert.equal((await shownAfter(own)).width, 256);
    const claims = page.getByRole("region", { name: "Last ID token" });
    assert.match(await claims.innerText(), /"auth0\|own-picture"/);
  });

  it("draws a stand-in for each picture of elsewhere, and says so", async () => {
    const sofia = card("Sofia Social");
    assert.equal(await sofia.getByRole("img", { name: /Stand-in.*Google/ }).count(), 2);
    assert.equal(await sofia.locator("img").count(), 0);
  });

  for (const width of [1280, 390]) {
    for (const dark of [false, true]) {
      it(`has nothing that axe finds at ${width} px, ${dark ? "dark" : "light"}, with everything unfolded`, async () => {
        await context.close();
        await open({ width, dark });
        for (const summary of await page.locator("summary").all()) await summary.click();
        assert.deepEqual(await violations(), []);
        const scrollWidth = await page.evaluate<number>("document.documentElement.scrollWidth");
        assert.ok(scrollWidth <= width, `${scrollWidth} px wide`);
      });
    }
  }
});
