import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import sharp, { type Sharp } from "sharp";
import { prepareUserImage } from "../../../cli/image/prepare-user-image.ts";
import { ExpectedError } from "../../../lib/errors.ts";
import { withFrameSize, withRepeatedScan } from "./jpeg-file.ts";
import { blackPng, pngChunk, pngSignature, withChunks } from "./png-file.ts";
import { plain, quarters } from "./sample-images.ts";

const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512"><script>alert(1)</script></svg>';

type Refused = [name: string, code: string, message: RegExp, make: () => Buffer | Promise<Buffer>];

const byContent: Refused[] = [
  ["without bytes", "image-empty", /no bytes/, () => Buffer.alloc(0)],
  ["of one byte", "image-not-supported", /not an image/, () => Buffer.from([0x89])],
  [
    "of random bytes",
    "image-not-supported",
    /not an image/,
    () => Buffer.concat([Buffer.from("no"), randomBytes(999)]),
  ],
  ["that is SVG with script", "image-not-supported", /SVG/, () => Buffer.from(svg)],
  [
    "that is SVG behind a byte order mark",
    "image-not-supported",
    /SVG/,
    () => Buffer.from(`\ufeff\n<?xml?>${svg}`),
  ],
  ["that is compressed SVG", "image-not-supported", /not an image/, () => gzipSync(svg)],
  ["that is a web page named .png", "image-not-supported", /web page/, () => Buffer.from("<html>404</html>")],
  [
    "that is ImageMagick's script",
    "image-not-supported",
    /not an image/,
    () => Buffer.from("push graphic-context\n"),
  ],
  ["that is a PDF", "image-not-supported", /PDF/, () => Buffer.from("%PDF-1.7\n")],
  ["that is a BMP", "image-not-supported", /BMP/, () => Buffer.from("BM0000")],
  ["that is a ZIP", "image-not-supported", /not an image/, () => Buffer.from("PK\u0003\u0004")],
  ["that is HEIC", "image-not-supported", /HEIC/, () => Buffer.from("\0\0\0\u0018ftypheic")],
  ["that is AVIF", "image-not-supported", /AVIF/, () => plain("red").avif().toBuffer()],
  [
    "that is TIFF of several pages",
    "image-not-supported",
    /TIFF/,
    async () => {
      const pages = await Promise.all([plain("red").png().toBuffer(), plain("green").png().toBuffer()]);
      return sharp(pages, { join: { animated: true } })
        .tiff()
        .toBuffer();
    },
  ],
  [
    "of more bytes than allowed",
    "image-too-large",
    /20000001 bytes/,
    () => Buffer.alloc(20_000_001, pngSignature),
  ],
];

const byDecoding: Refused[] = [
  ["with a PNG's beginning alone", "image-broken", /decode/, () => pngSignature],
  [
    "with a PNG's beginning before SVG",
    "image-broken",
    /decode/,
    () => Buffer.concat([pngSignature, Buffer.from(svg)]),
  ],
  ["with a JPEG's beginning alone", "image-broken", /decode/, () => Buffer.from("ffd8ffe0", "hex")],
  [
    "with a JPEG's beginning before a web page",
    "image-broken",
    /decode/,
    () => Buffer.from("\u00ff\u00d8\u00ff<html>", "latin1"),
  ],
  [
    "with a GIF's beginning before script",
    "image-broken",
    /decode/,
    () => Buffer.from("GIF89a/*<script>*/=1;alert(1)"),
  ],
  ["with a WebP's beginning alone", "image-broken", /decode/, () => Buffer.from("RIFF\u0010\0\0\0WEBPVP8 ")],
  ["that is half a PNG", "image-broken", /decode/, async () => half(await noise().png().toBuffer())],
  ["that is half a JPEG", "image-broken", /decode/, async () => half(await noise().jpeg().toBuffer())],
  ["that is half a GIF", "image-broken", /decode/, async () => half(await noise().gif().toBuffer())],
  ["that is half a WebP", "image-broken", /decode/, async () => half(await noise().webp().toBuffer())],
  [
    "whose checksum is wrong",
    "image-broken",
    /decode/,
    async () => withChunks(await quarters().toBuffer(), pngChunk("IDAT", randomBytes(50), 1)),
  ],
  [
    "that is a PNG of 50,000 pixels square",
    "image-too-large",
    /50000 x 50000/,
    () => blackPng(50_000, 50_000, 9),
  ],
  [
    "that is a PNG of 50,000 pixels by 100",
    "image-too-large",
    /50000 x 100/,
    () => blackPng(50_000, 100, 100),
  ],
  ["whose header says no pixels", "image-broken", /decode/, () => blackPng(0, 0, 1)],
  [
    "whose header says two thousand million pixels a row",
    "image-broken",
    /decode/,
    () => blackPng(0x7fffffff, 64, 0),
  ],
  [
    "that is a JPEG whose header says 65,500 pixels square",
    "image-too-large",
    /65500 x 65500/,
    async () => withFrameSize(await quarters().jpeg().toBuffer(), 65_500, 65_500),
  ],
  [
    "that is a GIF whose header says 65,535 pixels square",
    "image-too-large",
    /65535 x 65535/,
    () =>
      Buffer.from(
        "GIF89a\u00ff\u00ff\u00ff\u00ff\0\0\0,\0\0\0\0\u00ff\u00ff\u00ff\u00ff\0\u0002\u0002D\u0001\0;",
        "latin1",
      ),
  ],
  [
    "that is a WebP of 16,383 pixels square",
    "image-too-large",
    /16383 x 16383/,
    async () => {
      const webp = await quarters().webp({ lossless: true }).toBuffer();
      // Width and height less 1, 14 bits each, behind the signature byte of VP8L.
      const size = webp.indexOf("VP8L") + 9;
      webp.writeUInt32LE(((webp.readUInt32LE(size) & 0xf0000000) | (16_382 << 14) | 16_382) >>> 0, size);
      return webp;
    },
  ],
  [
    "that is a JPEG of two thousand scans",
    "image-broken",
    /decode/,
    async () => withRepeatedScan(await quarters().jpeg({ progressive: true }).toBuffer(), 2000),
  ],
  ["that is 63 pixels high", "image-too-small", /500 x 63/, () => plain("red", 500, 63).png().toBuffer()],
];

function half(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.length / 2);
}

/** Pixels that do not compress, so that half of the bytes is half of the picture. */
function noise(): Sharp {
  return sharp(randomBytes(100 * 100 * 3), { raw: { width: 100, height: 100, channels: 3 } });
}

describe("a file for a user's picture", () => {
  for (const [name, code, message, make] of [...byContent, ...byDecoding]) {
    it(`${name} is refused`, async () => {
      const error = await refusal(prepareUserImage(await make()));
      assert.equal(error.code, code);
      assert.match(error.message, message);
      assert.match(error.message, /^The file .+\. [A-Z].+\.$/);
    });
  }

  const programs: [name: string, program: string, code: string][] = [
    ["that brings the decoder down", "crashing-decoder.ts", "image-broken"],
    ["that takes the decoder over", "lying-decoder.ts", "image-broken"],
    ["that keeps the decoder busy for ever", "endless-decoder.ts", "image-too-slow"],
  ];
  for (const [name, program, code] of programs) {
    it(`${name} is refused`, async () => {
      const limitMs = program === "endless-decoder.ts" ? 2000 : 60_000;
      const file = await quarters().toBuffer();
      const error = await refusal(prepareUserImage(file, { program: join(__dirname, program), limitMs }));
      assert.equal(error.code, code);
    });
  }

  it("that is of another type is decoded by nothing, whatever the look at its first bytes lets through", async () => {
    const program = join(__dirname, "deceived-decoder.ts");
    const { message } = await refusal(prepareUserImage(await quarters().toBuffer(), { program }));
    assert.match(message, /does not decode/);
  });

  it("that takes the decoder over finds no credentials there", async () => {
    process.env["AUTH0_CLIENT_SECRET"] = "hush";
    try {
      const program = join(__dirname, "telling-decoder.ts");
      const { message } = await refusal(prepareUserImage(await quarters().toBuffer(), { program }));
      assert.match(message, /VIPS_DISC_THRESHOLD/);
      assert.doesNotMatch(message, /hush|AUTH0|AWS|PULUMI|PICTURES/);
    } finally {
      delete process.env["AUTH0_CLIENT_SECRET"];
    }
  });
});

async function refusal(preparing: Promise<unknown>): Promise<ExpectedError> {
  try {
    await preparing;
  } catch (error) {
    assert.ok(error instanceof ExpectedError, String(error));
    return error;
  }
  return assert.fail("It was accepted");
}
