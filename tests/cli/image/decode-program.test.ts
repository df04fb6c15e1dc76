import assert from "node:assert/strict";
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import sharp from "sharp";
import { typescriptLoader } from "../../../lib/project.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { blackPng, pngChunk, withChunks } from "./png-file.ts";
import { quarters } from "./sample-images.ts";

/** 50 million pixels of 8 bytes, and the process itself; about half of it was seen. */
const most = 500_000_000;

describe("the process that decodes a picture", () => {
  const folder = temporaryFolder();

  it("ends with its parent, also in the middle of a decoding", async () => {
    const child = startDecoder(join(folder(), "peak"));
    const ended = once(child, "exit");
    child.send({ bytes: turnedPng() }, () => child.disconnect());
    await ended;
  });

  const bombs: [name: string, make: () => Buffer | Promise<Buffer>][] = [
    ["a PNG of 2,500 million pixels", () => blackPng(50_000, 50_000, 9)],
    ["a PNG of the most pixels allowed, in a few kilobytes", () => blackPng(7071, 7071, 7071)],
    ["a turned PNG of 16 bits and the most pixels allowed", turnedPng],
    ["a PNG whose colour profile unpacks to 200 MB", () => withBomb("iCCP")],
    ["a PNG whose text unpacks to 200 MB", () => withBomb("zTXt")],
    ["a progressive JPEG of the most pixels allowed", progressiveJpeg],
  ];
  for (const [name, make] of bombs) {
    it(`stays within its bounds for ${name}`, async () => {
      const bytes = await make();
      const peak = await peakMemory(bytes, join(folder(), "peak"));
      assert.ok(peak < most, `${peak} bytes`);
    });
  }
});

async function progressiveJpeg(): Promise<Buffer> {
  return sharp({ create: { width: 7071, height: 7071, channels: 3, background: "#336699" } })
    .jpeg({ progressive: true })
    .toBuffer();
}

/** RGBA of 16 bits, and EXIF that says: turn it by 90 degrees. */
function turnedPng(): Buffer {
  const exif = Buffer.from("4d4d002a00000008000101120003000000010006000000000000", "hex");
  return withChunks(blackPng(7071, 7071, 7071, { depth: 16, colourType: 6 }), pngChunk("eXIf", exif));
}

async function withBomb(type: "iCCP" | "zTXt"): Promise<Buffer> {
  const bomb = pngChunk(
    type,
    Buffer.concat([Buffer.from("name\0\0"), deflateSync(Buffer.alloc(200_000_000))]),
  );
  return withChunks(await quarters().toBuffer(), bomb);
}

/** Of a process that decodes the bytes and ends by itself. */
async function peakMemory(bytes: Buffer, file: string): Promise<number> {
  const child = startDecoder(file);
  const ended = once(child, "exit");
  child.send({ bytes });
  await ended;
  return Number(readFileSync(file, "utf8"));
}

function startDecoder(peakFile: string): ChildProcess {
  return fork(join(__dirname, "measured-decoder.ts"), [peakFile], {
    execArgv: ["--require", typescriptLoader],
    serialization: "advanced",
    env: { VIPS_DISC_THRESHOLD: "4g" },
  });
}
