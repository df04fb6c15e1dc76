/**
 * The program of the process that decodes one file of a stranger: its parent sends the bytes, it answers with a
 * DecodeAnswer. Only pixels leave it; what the decoder may do to it stays here.
 */
import sharp from "sharp";
import { imageTypeOf, originalLimits, pictureSide, type DecodeAnswer } from "./image-format.ts";

// Of some forty decoders, the four that are needed: no SVG, no PDF, no file that names other files.
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({
  operation: [
    "VipsForeignLoadPngBuffer",
    "VipsForeignLoadJpegBuffer",
    "VipsForeignLoadNsgifBuffer",
    "VipsForeignLoadWebpBuffer",
  ],
});
sharp.cache(false);
// More threads hold more of the picture at once.
sharp.concurrency(1);

async function decode(bytes: Buffer): Promise<DecodeAnswer> {
  try {
    return (await refusalBySize(bytes)) ?? { pixels: await uprightSquare(bytes) };
  } catch (error) {
    return { refused: "broken", why: `does not decode (${firstLine(error)})` };
  }
}

/** A decoder may quote the file: nothing in it may steer a terminal. */
function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.trim().split("\n")[0] ?? "").replace(/[^ -~]/g, "").slice(0, 120);
}

/** By the header, before any pixel is decoded. */
async function refusalBySize(bytes: Buffer): Promise<DecodeAnswer | undefined> {
  // The header of any size is read, so that the refusal can say which it is.
  const { format, width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
  const { pixels, longSide, shortSide } = originalLimits;
  if (format !== imageTypeOf(bytes)) return { refused: "broken", why: `decodes as ${format}` };
  const size = `has ${width} x ${height} pixels`;
  if (Math.max(width, height) > longSide || width * height > pixels) {
    const why = `${size}; a side may have ${longSide}, and all of it ${pixels / 1_000_000} million`;
    return { refused: "too-large", why };
  }
  if (Math.min(width, height) < shortSide) {
    return { refused: "too-small", why: `${size}; a side has at least ${shortSide}` };
  }
  return undefined;
}

/** Of an animation, its first frame. */
async function uprightSquare(bytes: Buffer): Promise<Buffer> {
  return sharp(bytes, { failOn: "error", limitInputPixels: originalLimits.pixels })
    .autoOrient()
    .resize(pictureSide, pictureSide, { fit: "cover", position: "centre" })
    .toColourspace("srgb")
    .ensureAlpha()
    .raw({ depth: "uchar" })
    .toBuffer();
}

/** The answer is no longer needed; a normal exit would wait for the decoder's thread. */
function endWithParent(): void {
  process.kill(process.pid, "SIGKILL");
}

process.once("disconnect", endWithParent);
process.once("message", (message) => {
  const bytes =
    typeof message === "object" && message !== null && "bytes" in message ? message.bytes : undefined;
  if (!Buffer.isBuffer(bytes)) throw new TypeError("The parent sends { bytes: Buffer }.");
  void decode(bytes).then((answer) => process.send?.(answer, endInOrder));
});

function endInOrder(): void {
  process.off("disconnect", endWithParent);
  process.disconnect();
}
