import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureChromium } from "../../../local/browser/chromium.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

describe("ensureChromium", () => {
  const folder = temporaryFolder();

  /** An apt-get that writes down what it was told, and then does this. */
  function addAptGet(then: string): void {
    const file = join(folder(), "apt-get");
    writeFileSync(file, `#!/bin/sh\necho "$*" >> "${folder()}/told"\n${then}\n`);
    chmodSync(file, 0o755);
  }

  it("gives nothing where there is none and none may be installed", () => {
    addAptGet("");
    assert.equal(ensureChromium({ path: folder(), mayInstall: false }), undefined);
    assert.equal(existsSync(join(folder(), "told")), false);
  });

  it("gives nothing where there is no apt-get", () => {
    assert.equal(ensureChromium({ path: folder(), mayInstall: true }), undefined);
  });

  it("gives nothing where the installation fails", () => {
    addAptGet("exit 100");
    assert.equal(ensureChromium({ path: folder(), mayInstall: true }), undefined);
  });

  it("installs the package where there is none", () => {
    addAptGet(`[ "$2" = install ] && : > "${folder()}/chromium"`);
    assert.equal(ensureChromium({ path: folder(), mayInstall: true }), join(folder(), "chromium"));
    assert.match(readFileSync(join(folder(), "told"), "utf8"), /^-qq update\n-qq install -y .*chromium\n$/);
  });

  it("takes the one that is there", () => {
    addAptGet("");
    writeFileSync(join(folder(), "chromium-browser"), "");
    const path = `:/nowhere:${folder()}`;
    assert.equal(ensureChromium({ path, mayInstall: true }), join(folder(), "chromium-browser"));
    assert.equal(existsSync(join(folder(), "told")), false);
  });
});
