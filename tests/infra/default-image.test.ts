import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { loadDefaultImage } from "../../infra/default-image.ts";
import { projectRoot } from "../../infra/project-root.ts";
import { temporaryFolder } from "../temporary-folder.ts";

describe("the default image", () => {
  const folder = temporaryFolder();

  it("that is missing is refused with its path", async () => {
    await assert.rejects(loadDefaultImage("assets/none.png"), {
      code: "default-image-missing",
      message: /defaultImage \(assets\/none\.png\)/,
    });
  });

  it("that is no image is refused", async () => {
    const file = join(folder(), "default.png");
    writeFileSync(file, "<html>not found</html>");
    await assert.rejects(loadDefaultImage(file), {
      code: "default-image-broken",
      message: /does not decode/,
    });
  });

  it("that is truncated is refused", async () => {
    const whole = readFileSync(join(projectRoot, "assets/default-picture.png"));
    const file = join(folder(), "default.png");
    writeFileSync(file, whole.subarray(0, whole.length / 2));
    await assert.rejects(loadDefaultImage(file), { code: "default-image-broken" });
  });

  it("of another format is refused", async () => {
    const file = join(folder(), "default.webp");
    await sharp({ create: { width: 8, height: 8, channels: 3, background: "red" } })
      .webp()
      .toFile(file);
    await assert.rejects(loadDefaultImage(file), {
      code: "default-image-broken",
      message: /is no PNG, JPEG or GIF/,
    });
  });

  it("has a key that changes with its content, and the type of its content, not of its name", async () => {
    const jpeg = join(folder(), "default.png");
    await sharp({ create: { width: 8, height: 8, channels: 3, background: "red" } })
      .jpeg()
      .toFile(jpeg);
    const first = await loadDefaultImage(jpeg);
    assert.equal(first.contentType, "image/jpeg");
    assert.match(first.key, /^default-[0-9a-f]{16}\.jpg$/);
    await sharp({ create: { width: 8, height: 8, channels: 3, background: "blue" } })
      .jpeg()
      .toFile(jpeg);
    assert.notEqual((await loadDefaultImage(jpeg)).key, first.key);
  });
});
