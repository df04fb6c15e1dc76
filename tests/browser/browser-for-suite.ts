import type { Browser } from "playwright-core";
import { ensureChromium, launchChromium } from "../../local/browser/chromium.ts";

/** A browser for all tests of the surrounding suite, which is skipped where there is no Chromium. */
export function browserForSuite(): () => Browser {
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
  return () => browser!;
}
