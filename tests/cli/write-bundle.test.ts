import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeBundle } from "../../cli/write-bundle.ts";
import { temporaryFolder } from "../temporary-folder.ts";

interface Manifest {
  readonly settings: Record<string, unknown>;
  readonly actions: {
    readonly name: string;
    readonly file: string;
    readonly sha256: string;
    readonly bytes: number;
  }[];
}

describe("npm run bundle", () => {
  const folder = temporaryFolder();
  const manifestIn = (out: string) =>
    JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")) as Manifest;

  it("names the stack's file where there is no such stack, and writes nothing", async () => {
    await assert.rejects(writeBundle(join(folder(), "out"), "nowhere"), {
      code: "stack-file-missing",
      message: /Pulumi\.nowhere\.yaml/,
    });
    assert.deepEqual(readdirSync(folder()), []);
  });

  it("refuses a settings file that is no JSON, by name", async () => {
    const file = join(folder(), "settings.json");
    writeFileSync(file, "{gravatar: never}");
    await assert.rejects(writeBundle(join(folder(), "out"), "dev", file), {
      code: "invalid-config",
      message: /settings\.json/,
    });
  });

  it("says where it cannot write", async () => {
    const file = join(folder(), "taken");
    writeFileSync(file, "");
    await assert.rejects(writeBundle(join(file, "out"), "dev"), { code: "out-not-writable" });
  });

  it("lists files that have the hashes and sizes it says", async () => {
    await writeBundle(folder(), "dev");
    const { actions } = manifestIn(folder());
    assert.deepEqual(
      actions.map(({ name }) => name),
      ["default-picture", "user-picture"],
    );
    for (const { file, sha256, bytes } of actions) {
      const code = readFileSync(join(folder(), file));
      assert.equal(createHash("sha256").update(code).digest("hex"), sha256);
      assert.equal(code.length, bytes);
    }
  });

  it("builds in the stack's settings, overridden by the file's", async () => {
    const file = join(folder(), "settings.json");
    writeFileSync(file, JSON.stringify({ gravatar: "never", maxLength: 99 }));
    await writeBundle(folder(), "dev", file);
    const { settings } = manifestIn(folder());
    assert.deepEqual(Object.keys(settings), [
      "defaultUrl",
      "gravatar",
      "social",
      "copies",
      "allowedHosts",
      "allowedPrefixes",
      "maxLength",
    ]);
    assert.equal(settings["gravatar"], "never");
    assert.equal(settings["maxLength"], 99);
    assert.equal(settings["social"], "keep");
  });

  it("takes settings with a byte order mark and in UTF-16, and names the line that is neither", async () => {
    const file = join(folder(), "settings.json");
    const text = '\uFEFF{"gravatar":"never"}';
    for (const content of [text, Buffer.from(text, "utf16le"), Buffer.from(text, "utf16le").swap16()]) {
      writeFileSync(file, content);
      await writeBundle(folder(), "dev", file);
      assert.equal(manifestIn(folder()).settings["gravatar"], "never");
    }
    writeFileSync(file, Buffer.from('{\n"samlAttribute":"Zoë"}', "latin1"));
    await assert.rejects(writeBundle(folder(), "dev", file), {
      code: "invalid-config",
      message: /settings\.json[^]*line 2 is not UTF-8; it looks like Latin-1 .*iconv/,
    });
  });
});
