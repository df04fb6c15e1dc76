import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { deflateSync } from "node:zlib";
import sharp, { type Sharp } from "sharp";
import { prepareUserImage, type UserImage } from "../../../cli/image/prepare-user-image.ts";
import { jpegMarkers, withSegment } from "./jpeg-file.ts";
import { blackPng, chunkTypes, pngChunk, withChunks } from "./png-file.ts";
import { plain, quarters, seenQuarters } from "./sample-images.ts";

const upright = ["red", "green", "blue", "white"];
const gps = {
  GPSLatitudeRef: "N",
  GPSLatitude: "48/1 51/1 30/1",
  GPSLongitudeRef: "E",
  GPSLongitude: "2/1 17/1 40/1",
};
const secret = "secret-of-the-original";

/** How upright pixels lie in a file of that EXIF orientation. */
const stored: Record<number, (upright: Sharp) => Sharp> = {
  1: (image) => image,
  2: (image) => image.flop(),
  3: (image) => image.rotate(180),
  4: (image) => image.flip(),
  5: (image) => image.flop().rotate(270),
  6: (image) => image.rotate(270),
  7: (image) => image.flop().rotate(90),
  8: (image) => image.rotate(90),
};

const sound: [name: string, make: () => Promise<Buffer>, seen: string[]][] = [
  ["a CMYK JPEG", () => quarters().toColourspace("cmyk").jpeg().toBuffer(), []],
  ["a PNG of 16 bits", () => quarters().toColourspace("rgb16").png().toBuffer(), upright],
  ["an interlaced PNG", () => quarters().png({ progressive: true }).toBuffer(), upright],
  ["a PNG with a palette", () => quarters().png({ palette: true, colours: 4 }).toBuffer(), upright],
  ["a PNG of one bit", () => Promise.resolve(blackPng(70, 70, 70)), []],
  ["a grey JPEG", () => quarters().greyscale().jpeg().toBuffer(), []],
  ["a progressive JPEG", () => quarters().jpeg({ progressive: true }).toBuffer(), upright],
  ["a WebP", () => quarters().webp().toBuffer(), upright],
  ["a GIF", () => quarters().gif().toBuffer(), upright],
  ["an image in the colours of a display", () => quarters().withIccProfile("p3").png().toBuffer(), upright],
  ["an image of 64 pixels", () => quarters(64).png().toBuffer(), upright],
  [
    "an image of 16,384 pixels by 64",
    () => plain("red", 16_384, 64).png().toBuffer(),
    Array<string>(4).fill("red"),
  ],
  [
    "an animated GIF, by its first frame",
    async () => (await animation(2)).gif().toBuffer(),
    Array<string>(4).fill("red"),
  ],
  [
    "an animated WebP, by its first frame",
    async () => (await animation(2)).webp().toBuffer(),
    Array<string>(4).fill("red"),
  ],
  ["a GIF of 300 frames", async () => (await animation(300)).gif().toBuffer(), Array<string>(4).fill("red")],
  [
    "a PNG with a web page behind it",
    async () => behind(await quarters().toBuffer(), "<html><script>"),
    upright,
  ],
  [
    "a JPEG with a ZIP behind it",
    async () => behind(await quarters().jpeg().toBuffer(), "PK\u0003\u0004"),
    upright,
  ],
  [
    "a JPEG with a program in its comment",
    async () =>
      withSegment(await quarters().jpeg({ quality: 95 }).toBuffer(), 0xfe, Buffer.from(`<?php ${secret}`)),
    upright,
  ],
  [
    "a PNG with text, also compressed",
    async () => {
      const text = Buffer.from(`Author\0${secret}`);
      const compressed = Buffer.concat([Buffer.from("Comment\0\0"), deflateSync(secret)]);
      return withChunks(await quarters().toBuffer(), pngChunk("tEXt", text), pngChunk("zTXt", compressed));
    },
    upright,
  ],
];

/** Red, then green for ever. */
async function animation(count: number): Promise<Sharp> {
  const [red, green] = await Promise.all([plain("red").png().toBuffer(), plain("green").png().toBuffer()]);
  return sharp([red, ...Array<Buffer>(count - 1).fill(green)], { join: { animated: true } });
}

function behind(image: Buffer, more: string): Buffer {
  return Buffer.concat([image, Buffer.from(more + secret)]);
}

describe("a user's picture", () => {
  for (const [name, make, seen] of sound) {
    it(`is made of ${name}`, async () => {
      const picture = await prepareUserImage(await make());
      await assertSafe(picture);
      if (seen.length > 0) assert.deepEqual(await seenQuarters(picture.bytes), seen);
    });
  }

  for (const [orientation, turn] of Object.entries(stored)) {
    it(`is upright and says nothing of places, from EXIF orientation ${orientation} with GPS`, async () => {
      const pixels = await turn(sharp(await quarters().toBuffer()))
        .png()
        .toBuffer();
      const file = await sharp(pixels)
        .withExif({ IFD0: { Copyright: secret, Orientation: orientation }, IFD3: gps })
        .withMetadata({ orientation: Number(orientation) })
        .jpeg({ quality: 95 })
        .toBuffer();
      const { exif, orientation: written } = await sharp(file).metadata();
      assert.ok(exif?.includes(secret));
      assert.equal(written, Number(orientation));

      const picture = await prepareUserImage(file);
      await assertSafe(picture);
      assert.deepEqual(await seenQuarters(picture.bytes), upright);
    });
  }

  it("is the square in the middle", async () => {
    const wide = await sharp({ create: { width: 400, height: 100, channels: 3, background: "#0000ff" } })
      .composite([{ input: await quarters(100).toBuffer(), left: 150, top: 0 }])
      .png()
      .toBuffer();
    assert.deepEqual(await seenQuarters((await prepareUserImage(wide)).bytes), upright);
  });

  it("stays transparent where its original is", async () => {
    const file = await sharp({ create: { width: 99, height: 99, channels: 4, background: "#ff000080" } })
      .png()
      .toBuffer();
    const picture = await prepareUserImage(file);
    await assertSafe(picture);
    assert.equal(picture.contentType, "image/png");
    const [red, , , alpha] = await sharp(picture.bytes).raw().toBuffer();
    assert.deepEqual([red, alpha], [255, 128]);
  });

  for (const channels of [3, 4] as const) {
    it(`has at most 200,000 bytes, from noise of ${channels} channels`, async () => {
      const noise = sharp(randomBytes(700 * 700 * channels), { raw: { width: 700, height: 700, channels } });
      await assertSafe(await prepareUserImage(await noise.png().toBuffer()));
    });
  }

  it("is the same for the same file", async () => {
    const file = await quarters().webp().toBuffer();
    const [first, second] = await Promise.all([prepareUserImage(file), prepareUserImage(file)]);
    assert.equal(first.sha256, second.sha256);
    assert.ok(first.bytes.equals(second.bytes));
  });
});

/** 512 pixels square, of pixels alone, and decodable to the last one. */
async function assertSafe({ bytes, contentType, sha256 }: UserImage): Promise<void> {
  const { width, height, exif, icc, xmp, iptc, pages, space, depth } = await sharp(bytes).metadata();
  assert.deepEqual(
    { width, height, space, depth },
    { width: 512, height: 512, space: "srgb", depth: "uchar" },
  );
  assert.deepEqual([exif, icc, xmp, iptc, pages], Array(5).fill(undefined));
  await sharp(bytes, { failOn: "warning" }).raw().toBuffer();
  assert.equal(sha256, createHash("sha256").update(bytes).digest("hex"));
  assert.ok(bytes.length <= 200_000, `${bytes.length} bytes`);
  assert.equal(bytes.includes(secret), false);
  if (contentType === "image/png") {
    assert.deepEqual(
      chunkTypes(bytes).filter((type) => !["IHDR", "pHYs", "PLTE", "tRNS", "IDAT", "IEND"].includes(type)),
      [],
    );
  } else {
    // Quantization and Huffman tables, frame, scan, and JFIF's own header: no APP1, ICC or comment.
    assert.deepEqual(
      jpegMarkers(bytes).filter((marker) => ![0xdb, 0xc0, 0xc4, 0xda, 0xe0].includes(marker)),
      [],
    );
  }
}
