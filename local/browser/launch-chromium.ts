import { chromium, type Browser } from "playwright-core";

/** As root without a sandbox of its own, and silent: nothing that the browser itself would ask of the network. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A headless browser with an empty profile, which is gone when it is closed. It ends with this process. */
export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, headless: true, args: flags });
}
