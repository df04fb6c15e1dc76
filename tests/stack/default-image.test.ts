import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { projectRoot } from "../../lib/project.ts";
import { isDefaultImageKey, loadDefaultImage } from "../../stack/default-image.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const asFallback = { gravatarFallback: true };
const notAsFallback = { gravatarFallback: false };

describe("the default image", () => {
  const folder = temporaryFolder();

  function drawing(width = 128, height = width, background = "red"): Sharp {
    return sharp({ create: { width, height, channels: 3, background } });
  }

  async function write(image: Sharp): Promise<string> {
    const file = join(folder(), "default.png");
    writeFileSync(file, await image.toBuffer());
    return file;
  }

  it("that is missing is refused with its path", async () => {
    await assert.rejects(loadDefaultImage("assets/none.png", asFallback), {
      code: "default-image-missing",
      message: /defaultImage \(assets\/none\.png\)/,
    });
  });

  it("that is no image is refused", async () => {
    const file = join(folder(), "default.png");
    writeFileSync(file, "<html>not found</html>");
    await assert.rejects(loadDefaultImage(file, asFallback), {
      code: "default-image-broken",
      message: /does not decode/,
    });
  });

  for (const format of ["png", "jpeg", "gif", "webp"] as const) {
    it(`that is a truncated ${format} is refused`, async () => {
      const noise = sharp(randomBytes(128 * 128 * 3), { raw: { width: 128, height: 128, channels: 3 } });
      const whole = await noise.toFormat(format).toBuffer();
      const file = join(folder(), "default.png");
      writeFileSync(file, whole.subarray(0, whole.length / 2));
      await assert.rejects(loadDefaultImage(file, notAsFallback), { code: "default-image-broken" });
    });
  }

  it("of a format that not every browser shows is refused", async () => {
    const file = await write(drawing().tiff());
    await assert.rejects(loadDefaultImage(file, notAsFallback), {
      code: "default-image-unsuitable",
      message: /is not a PNG, JPEG, GIF, WEBP, or AVIF \(tiff\)/,
    });
  });

  for (const format of ["webp", "avif"] as const) {
    it(`may be ${format} unless it is Gravatar's fallback`, async () => {
      const file = await write(drawing().toFormat(format));
      await assert.rejects(loadDefaultImage(file, asFallback), {
        code: "default-image-unsuitable",
        message: /is not a PNG, JPEG, or GIF .*set gravatar to keep or never/,
      });
      const { key, contentType } = await loadDefaultImage(file, notAsFallback);
      assert.equal(contentType, `image/${format}`);
      assert.ok(key.endsWith(`.${format}`));
    });
  }

  it("that is too small is refused, and one of 128 pixels is not", async () => {
    await assert.rejects(loadDefaultImage(await write(drawing(127).png()), asFallback), {
      code: "default-image-unsuitable",
      message: /is 127x127 pixels: use an image of at least 128x128/,
    });
    await loadDefaultImage(await write(drawing(128).png()), asFallback);
  });

  it("of 1 MB is refused, and one of a byte less is not", async () => {
    const png = await drawing().png().toBuffer();
    const file = join(folder(), "default.png");
    // What follows the end of a PNG is nobody's.
    writeFileSync(file, Buffer.concat([png, Buffer.alloc(1_000_000 - png.length)]));
    await assert.rejects(loadDefaultImage(file, asFallback), { message: /has 1000000 bytes/ });
    writeFileSync(file, readFileSync(file).subarray(0, -1));
    await loadDefaultImage(file, asFallback);
  });

  it("has all its problems named in one report", async () => {
    const file = await write(drawing(200, 100).webp());
    await assert.rejects(loadDefaultImage(file, asFallback), {
      message: /has 3 problems:\n.*is not a PNG.*\n.*is 200x100 pixels.*\n.*is not square \(200x100\)/,
    });
  });

  it("has a key that changes with its content, and the type of its content, not of its name", async () => {
    const first = await loadDefaultImage(await write(drawing().jpeg()), asFallback);
    assert.equal(first.contentType, "image/jpeg");
    assert.match(first.key, /^default-[0-9a-f]{16}\.jpg$/);
    const second = await loadDefaultImage(await write(drawing(128, 128, "blue").jpeg()), asFallback);
    assert.notEqual(second.key, first.key);
  });

  it("has its content's checksums", async () => {
    const { file, md5, sha256 } = await loadDefaultImage("assets/default-picture.png", asFallback);
    const content = readFileSync(join(projectRoot, "assets/default-picture.png"));
    assert.equal(file, join(projectRoot, "assets/default-picture.png"));
    assert.equal(md5, createHash("md5").update(content).digest("hex"));
    assert.equal(sha256, createHash("sha256").update(content).digest("hex"));
  });

  it("is told from other objects by its key", async () => {
    const { key } = await loadDefaultImage("assets/default-picture.png", asFallback);
    assert.ok(isDefaultImageKey(key));
    for (const other of ["default-picture.png", `users/${key}`, `${key}.bak`, "default-3f2a.png"]) {
      assert.equal(isDefaultImageKey(other), false);
    }
  });
});
