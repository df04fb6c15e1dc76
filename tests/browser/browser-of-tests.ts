import type { Browser } from "playwright-core";
import { ensureChromium, launchChromium } from "../../local/browser/chromium.ts";

/** One Chromium for the tests of a suite, which are skipped where there is none and it cannot be installed. */
export function browserOfTests(): () => Browser {
  let browser: Browser | undefined;
  before(async function () {
    this.timeout(700_000);
    const chromium = ensureChromium();
    if (chromium === undefined) {
      process.stdout.write(
        "    The browser tests are skipped: there is no Chromium, and it cannot be installed.\n",
      );
      this.skip();
    }
    browser = await launchChromium(chromium);
  });
  after(() => browser?.close());
  return () => {
    if (browser === undefined) throw new Error("The browser is there while a test runs.");
    return browser;
  };
}
