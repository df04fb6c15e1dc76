import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import type { BrowserContext, Page } from "playwright-core";
import { runAudit } from "../../cli/audit/run-audit.ts";
import { auditedUsers, stackFolder } from "../cli/audit/audited-stack.ts";
import { browserForSuite } from "./browser-for-suite.ts";

describe("the page of an audit in a browser", function () {
  this.timeout(600_000);
  const browser = browserForSuite();
  let folder: string;
  let file: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "user-pictures-"));
    file = join(folder, "audit.html");
    const users = join(folder, "users.ndjson");
    writeFileSync(users, auditedUsers.map((user) => `${JSON.stringify(user)}\n`).join(""));
    await runAudit({ stack: "dev", users, html: file }, stackFolder(folder));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  let context: BrowserContext;
  let page: Page;
  let complaints: string[];
  let requests: string[];
  afterEach(async () => {
    await context.close();
    assert.deepEqual(complaints, [], "the browser has nothing to complain about");
    assert.deepEqual(
      requests.filter((url) => !url.startsWith("data:") && !url.startsWith("file:")),
      [],
      "nothing is loaded from elsewhere",
    );
  });

  async function open(width: number, dark: boolean): Promise<void> {
    context = await browser().newContext({
      // Axe is put into the page, which its own policy forbids.
      bypassCSP: true,
      viewport: { width, height: 900 },
      colorScheme: dark ? "dark" : "light",
    });
    await load();
  }

  async function load(): Promise<void> {
    complaints = [];
    requests = [];
    context.on("request", (request) => requests.push(request.url()));
    page = await context.newPage();
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(pathToFileURL(file).href, { waitUntil: "networkidle" });
  }

  for (const width of [1280, 390]) {
    for (const dark of [false, true]) {
      it(`has nothing that axe finds at ${width} px, ${dark ? "dark" : "light"}`, async () => {
        await open(width, dark);
        const { violations } = await new AxeBuilder({ page }).analyze();
        assert.deepEqual(
          violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`),
          [],
        );
        const scrollWidth = await page.evaluate<number>("document.documentElement.scrollWidth");
        assert.ok(scrollWidth <= width, `${scrollWidth} px wide`);
      });
    }
  }

  it("keeps its own policy: its style and the pictures that it holds are shown, and no script of a user's runs", async () => {
    context = await browser().newContext();
    await load();
    const ground = await page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
    assert.notEqual(ground, "rgba(0, 0, 0, 0)");
    assert.equal(await page.evaluate<unknown>("window.hacked"), undefined);
    const image = page.getByRole("img", { name: /, blocked: / }).first();
    const pixels = await image.evaluate(
      (element) => (element as unknown as { naturalWidth: number }).naturalWidth,
    );
    assert.ok(pixels > 0, "the default image");
  });
});
