import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { ExpectedError } from "../lib/errors.ts";
import { projectRoot } from "../lib/project.ts";
import { standardOutput } from "../lib/terminal-output.ts";
import { term } from "../lib/terminal-text.ts";
import { watchOwner } from "../lib/watch-owner.ts";
import { ensureChromium, launchChromium } from "./browser/chromium.ts";
import { consoleScreenshots } from "./console-screenshots.ts";
import { sampleAudit } from "./sample-audit.ts";
import { fillWorld } from "./start/fill-world.ts";
import { startLocalWorld } from "./start/local-world.ts";
import { reportFailure } from "./start/report-failure.ts";

const images = join(projectRoot, "docs/images");

/** By file name, the window in CSS pixels: the users and the flow; the rest of the page is for those who scroll. */
const windows = {
  "page.png": { width: 1280, height: 1560 },
  "page-390.png": { width: 390, height: 1282 },
};

/** As above, of an audit's page: its first part. */
const auditWindows = { "audit.png": { width: 1280, height: 1180 } };

/** `npm run screenshot`: the page of a fresh world after a login of each user, at two widths, the console, and an audit's page. */
async function main(): Promise<number> {
  const chromium = ensureChromium();
  if (chromium === undefined) {
    throw new ExpectedError(
      "no-chromium",
      "There is no Chromium: install it (on Debian: apt-get install chromium).",
    );
  }
  const print = (line: string) => standardOutput.print(term`${line}`);
  const root = mkdtempSync(join(tmpdir(), "user-pictures-screenshot-"));
  const world = await startLocalWorld({ root, tenantPort: 0, s3Port: 0, progress: print });
  watchOwner({ onGone: () => void world.stop() });
  try {
    await fillWorld(world);
    const browser = await launchChromium(chromium);
    try {
      await takeAll(browser, world.tenant.issuer, windows, print);
      await consoleScreenshots(world, browser, images, (name) => {
        print(`docs/images/${name}`);
      });
      await takeAll(browser, pathToFileURL(await sampleAudit(root)).href, auditWindows, print);
    } finally {
      await browser.close();
    }
  } finally {
    await world.stop();
    rmSync(root, { recursive: true, force: true });
  }
  return 0;
}

async function takeAll(
  browser: Browser,
  page: string,
  views: Readonly<Record<string, { width: number; height: number }>>,
  print: (line: string) => void,
): Promise<void> {
  mkdirSync(images, { recursive: true });
  for (const [name, viewport] of Object.entries(views)) {
    const options = { ignoreHTTPSErrors: true, viewport };
    const tab = await browser.newPage({ ...options, colorScheme: "light" });
    await tab.goto(page, { waitUntil: "networkidle" });
    await tab.screenshot({ path: join(images, name) });
    print(`docs/images/${name}`);
  }
}

reportFailure(main);
