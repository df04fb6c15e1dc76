import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { commandRoutes } from "../../cli/console/person/command-routes.ts";
import { personRoutes } from "../../cli/console/person/person-routes.ts";
import { searchRoutes } from "../../cli/console/person/search-routes.ts";
import { tenantRoutes } from "../../cli/console/tenant/tenant-routes.ts";
import type { People } from "../../cli/people/people.ts";
import { openConsole, type OpenConsole } from "../cli/console/open-console.ts";
import { startPictureServer, type PictureServer } from "../cli/image/picture-server.ts";
import { quarters } from "../cli/image/sample-images.ts";
import { changeScopes, peopleOfTenant } from "../cli/people/tenant-people.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { browserForSuite } from "./browser-for-suite.ts";

const own = "https://pictures.example.org/jane.png";
const jane = {
  user_id: "auth0|jane",
  name: "Jane Doe",
  email: "jane@acme.com",
  picture: "http://pictures.example.org/root.png",
  last_login: "2026-11-20T08:00:00.000Z",
  user_metadata: { picture: own },
};
const twin = {
  user_id: "google-oauth2|7",
  name: "جين <b>Doe</b>\u202E",
  nickname: "jane@acme.com",
  email: "jane@acme.com",
  picture: "https://pictures.example.org/gone.png",
};

interface View extends BrowserContextOptions {
  readonly width?: number;
  readonly dark?: boolean;
}

describe("a person and the tenant on the console's pages in a browser", function () {
  this.timeout(600_000);
  const browser = browserForSuite();
  const setup = peopleOfTenant();
  const folder = temporaryFolder();
  let host: PictureServer;
  let console: OpenConsole;
  let context: BrowserContext | undefined;
  let page: Page;
  let complaints: string[];
  let elsewhere: string[];

  beforeEach(async () => {
    const picture = await quarters().toBuffer();
    host = await startPictureServer(folder(), ({ url }, response) => {
      response.writeHead(url === "/gone.png" ? 404 : 200, { "content-type": "image/png" }).end(picture);
    });
    for (const user of [jane, twin]) setup().tenant.users.create(user);
    [complaints, elsewhere] = [[], []];
  });
  afterEach(async () => {
    await context?.close();
    await console.close();
    await host.stop();
    assert.deepEqual(complaints, [], "the browser has nothing to complain about");
    assert.deepEqual(elsewhere, [], "no request goes to another server");
  });

  async function start(...scopes: string[]): Promise<void> {
    const people = await setup().people(...new Set(["read:users", ...scopes]));
    const names = join(folder(), "names.json");
    const caFile = join(folder(), "stand-in.pem");
    writeFileSync(caFile, host.ca);
    writeFileSync(names, JSON.stringify({ names: ["pictures.example.org"], port: host.port, caFile }));
    const local: People = {
      ...people,
      stack: "local",
      env: { ...people.env, PICTURES_LOCAL_NAMES: names },
    };
    console = await openConsole(
      () => Promise.resolve(local),
      [searchRoutes, personRoutes, commandRoutes, tenantRoutes],
    );
  }

  async function open(path: string, { width = 1280, dark = false, ...more }: View = {}): Promise<void> {
    context = await browser().newContext({
      viewport: { width, height: 900 },
      colorScheme: dark ? "dark" : "light",
      ...more,
    });
    const [name = "", value = ""] = console.cookie.split("=");
    await context.addCookies([
      { name, value, domain: "127.0.0.1", path: console.base, sameSite: "Strict", httpOnly: true },
    ]);
    context.on("request", (request) => {
      const url = request.url();
      const isPicture = url.startsWith("http://127.0.0.1:") && url.includes(`${console.base}/picture/`);
      if (!url.startsWith(console.origin) && !isPicture && !url.startsWith("data:")) elsewhere.push(url);
    });
    page = await context.newPage();
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(`${console.origin}${console.base}${path}`, { waitUntil: "networkidle" });
  }

  /** Axe is put into the page, which its own policy forbids. */
  const inspected = { bypassCSP: true };

  async function nothingToFind(width: number): Promise<void> {
    const { violations } = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`),
      [],
    );
    const scrollWidth = await page.evaluate<number>("document.documentElement.scrollWidth");
    assert.ok(scrollWidth <= width, `${scrollWidth} px wide`);
  }

  async function search(who: string): Promise<void> {
    await page.getByLabel("Email, name or user id").fill(who);
    await page.getByRole("button", { name: "Search" }).click();
    await page.waitForLoadState("networkidle");
  }

  // What is wide and what is dark do not depend on each other.
  for (const [width, dark] of [
    [1280, false],
    [390, true],
  ] as const) {
    it(`has nothing that axe finds at ${width} px, ${dark ? "dark" : "light"}`, async () => {
      await start(...changeScopes);
      await open("/people", { ...inspected, width, dark });
      await nothingToFind(width);
      await search("nobody@acme.com");
      await nothingToFind(width);
      await search("jane@acme.com");
      await nothingToFind(width);
      await page.getByRole("link", { name: "Jane Doe", exact: true }).click();
      await page.waitForLoadState("networkidle");
      await nothingToFind(width);
      await page.getByRole("button", { name: "Clear…", exact: true }).click();
      await page.waitForLoadState("networkidle");
      await nothingToFind(width);
      await page.getByRole("button", { name: "Clear", exact: true }).click();
      await page.getByText("Done.").waitFor();
      await nothingToFind(width);
      await page.getByRole("link", { name: "Back to the person" }).click();
      await page.getByRole("heading", { name: "because the own picture was removed" }).waitFor();
      await nothingToFind(width);
      await page.getByRole("link", { name: "Tenant" }).click();
      await page.getByRole("button", { name: "Look at all users" }).click();
      await page.getByRole("button", { name: "Look again" }).waitFor();
      await nothingToFind(width);
      await page.getByRole("link", { name: "removed", exact: true }).click();
      await nothingToFind(width);
    });
  }

  it("leads by keyboard alone, and without JavaScript, from an email to the picture", async () => {
    await start();
    await open("/people", { javaScriptEnabled: false });
    await page.getByLabel("Email, name or user id").focus();
    await page.keyboard.type("jane@acme.com");
    await page.keyboard.press("Enter");
    const link = page.getByRole("link", { name: "Jane Doe", exact: true });
    await link.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "The next login shows the user's own picture" }).waitFor();
    await page.getByRole("img", { name: "Jane Doe, next login: the user's own picture" }).waitFor();
    assert.doesNotMatch(page.url(), /jane|auth0/);
  });

  it("carries a block and a file's foretelling through its forms without JavaScript", async () => {
    await start(...changeScopes);
    await open("/people", { javaScriptEnabled: false });
    await search("auth0|jane");
    const form = (name: string) => page.getByRole("form", { name, exact: true });
    await form("Set a picture from a file")
      .getByLabel("File")
      .setInputFiles({ name: "me.png", mimeType: "image/png", buffer: await quarters(300).toBuffer() });
    await page.getByRole("button", { name: "Set a picture from a file…" }).click();
    await page.waitForLoadState("networkidle");
    const preview = page.getByRole("img", { name: "Jane Doe, next login: the user's own picture" });
    const pixels = await preview.evaluate(
      (element) => (element as unknown as { naturalWidth: number }).naturalWidth,
    );
    assert.equal(pixels, 512, "the file that is to be set is shown, before it is anywhere");
    await page.getByRole("link", { name: "No, change nothing" }).click();
    await form("Block").getByLabel("Reason").fill('spam "<b>"');
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Block", exact: true }).click();
    await page.getByText("Done.").waitFor();
    const { app_metadata: app = {} } = setup().tenant.users.get("auth0|jane") ?? {};
    assert.equal((app["picture_block"] as { reason: string }).reason, 'spam "<b>"');
  });

  it("shows everything to who may only read, and says why there is nothing to press", async () => {
    await start();
    await open("/people");
    await search("auth0|jane");
    await page
      .getByText(/Not offered: .* lacks the scope update:users/)
      .first()
      .waitFor();
    assert.equal(await page.getByRole("button").count(), 0);
  });
});
