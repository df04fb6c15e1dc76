import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { ExpectedError } from "../../lib/errors.ts";
import { sha256 } from "../../lib/hash.ts";
import { typescriptLoader } from "../../lib/project.ts";
import {
  decodeLimitMs,
  imageTypeOf,
  isDecodeAnswer,
  maxPictureBytes,
  originalLimits,
  pictureSide,
  type DecodeAnswer,
} from "./image-format.ts";

/** A picture that is safe to publish: square, upright, sRGB, pixels only, at most maxPictureBytes. */
export interface UserImage extends EncodedPicture {
  /** Of `bytes`, in hexadecimal. */
  readonly sha256: string;
  /** And height. */
  readonly width: typeof pictureSide;
}

const megabytes = originalLimits.bytes / 1_000_000;

/**
 * Makes a stranger's file a picture: checked by content, decoded in a process of its own, turned upright, cropped to its
 * centre's square, scaled to 512 px and encoded again from its pixels. Of an animation, the first frame. The same file
 * gives the same bytes.
 *
 * @throws ExpectedError `image-empty`, `image-too-large`, `image-too-small`, `image-not-supported`, `image-broken` or
 * `image-too-slow`, which say why.
 */
export async function prepareUserImage(file: Buffer, options: DecodeOptions = {}): Promise<UserImage> {
  checkBytes(file);
  const picture = await encodePicture(pixelsOf(await decodeInProcess(file, options)));
  return { ...picture, sha256: sha256(picture.bytes), width: pictureSide };
}

function checkBytes(file: Buffer): void {
  if (file.length === 0) throw imageError("empty", "has no bytes");
  if (file.length > originalLimits.bytes) {
    throw imageError("too-large", `has ${file.length} bytes; an image has at most ${megabytes} million`);
  }
  if (imageTypeOf(file) === undefined) throw imageError("not-supported", describeRefused(file));
}

function pixelsOf(outcome: DecodeOutcome): Buffer {
  if ("pixels" in outcome) return outcome.pixels;
  if ("refused" in outcome) throw imageError(outcome.refused, outcome.why);
  if (outcome.failed === "too-slow") throw imageError("too-slow", "takes too long to decode");
  throw imageError("broken", "crashed the decoder; no other harm was done");
}

const remedies = {
  empty: "Choose another file",
  "too-large": "Scale it down, then try again",
  "too-small": "Choose a larger picture",
  "not-supported": "Save it as PNG, JPEG, WebP or GIF, then try again",
  broken: "Open it in an image editor and export it again as PNG or JPEG",
  "too-slow": "Open it in an image editor, scale it to 512 pixels and export it again as PNG or JPEG",
} as const;

function imageError(reason: keyof typeof remedies, why: string): ExpectedError {
  return new ExpectedError(`image-${reason}`, `The file ${why}. ${remedies[reason]}.`);
}

/** What files of other types are, for people: the first bytes, and what to say about them. */
const refused: readonly { readonly matches: RegExp; readonly why: string }[] = [
  {
    matches: /^(\u00ef\u00bb\u00bf)?\s*<(\?xml|svg|!DOCTYPE svg|!--)/i,
    why: "is SVG or XML, which can contain script",
  },
  { matches: /^(\u00ef\u00bb\u00bf)?\s*</, why: "is a web page, not an image" },
  { matches: /^....ftyp(avi[fs])/s, why: "is an AVIF image" },
  { matches: /^....ftyp/s, why: "is a HEIC image or a video" },
  { matches: /^(II\*\0|MM\0\*|II\+\0|MM\0\+)/, why: "is a TIFF or a camera's raw image" },
  { matches: /^BM/, why: "is a BMP image" },
  { matches: /^%PDF/, why: "is a PDF" },
];

/** Says what the bytes are that are none of our image types. */
function describeRefused(bytes: Buffer): string {
  const head = bytes.toString("latin1", 0, 200);
  return refused.find(({ matches }) => matches.test(head))?.why ?? "is not an image of a known type";
}

interface DecodeOptions {
  /** The program that decodes. */
  readonly program?: string;
  readonly limitMs?: number;
}

/** `crashed` and `too-slow` are the end of the process, not an answer of it. */
type DecodeOutcome = DecodeAnswer | { readonly failed: "crashed" | "too-slow" };

/**
 * Decodes in a process of its own: a decoder that a hostile file brings down, or keeps busy forever, takes nothing
 * with it. The process gets none of our environment, so no credentials. Never rejects.
 */
function decodeInProcess(bytes: Buffer, options: DecodeOptions = {}): Promise<DecodeOutcome> {
  const { program = join(__dirname, "decode-program.ts"), limitMs = decodeLimitMs } = options;
  const child = fork(program, {
    execArgv: ["--require", typescriptLoader],
    // A large picture in memory, not in a temporary file that a killed process would leave behind.
    env: { VIPS_DISC_THRESHOLD: "4g" },
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  return outcomeOf(child, bytes, limitMs);
}

async function outcomeOf(child: ChildProcess, bytes: Buffer, limitMs: number): Promise<DecodeOutcome> {
  let outcome: DecodeOutcome = { failed: "crashed" };
  const timer = setTimeout(() => {
    outcome = { failed: "too-slow" };
    child.kill("SIGKILL");
  }, limitMs);
  child.once("message", (message) => {
    if (isDecodeAnswer(message, pictureSide * pictureSide * 4)) outcome = message;
  });
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    // Also a message that could not be sent, to a process that ended at once; without a process there is no exit.
    child.on("error", () => {
      if (child.pid === undefined) resolve();
    });
  });
  child.send({ bytes });
  await gone;
  clearTimeout(timer);
  return outcome;
}

interface EncodedPicture {
  readonly bytes: Buffer;
  readonly contentType: "image/png" | "image/jpeg";
}

type Encoding = (picture: Sharp) => Sharp;

/** Best first; the last one keeps any pixels at all below maxPictureBytes. */
const jpegs: readonly Encoding[] = [88, 75, 60, 40, 20].map(
  (quality) => (picture) => picture.jpeg({ quality, chromaSubsampling: "4:4:4" }),
);
const pngs: readonly Encoding[] = [
  (picture) => picture.png({ compressionLevel: 9 }),
  ...[256, 16].map((colours): Encoding => {
    // More effort takes ten seconds for noise, without a visible gain.
    return (picture) => picture.png({ palette: true, colours, effort: 1 });
  }),
];

/**
 * Encodes RGBA pixels: as JPEG, or as PNG where some are transparent. From bare pixels, so that no metadata of an
 * original can come along. The same pixels give the same bytes.
 */
async function encodePicture(pixels: Buffer): Promise<EncodedPicture> {
  const isOpaque = !hasTransparency(pixels);
  const raw = { width: pictureSide, height: pictureSide, channels: 4 } as const;
  const picture = () => {
    const whole = sharp(pixels, { raw });
    return isOpaque ? whole.removeAlpha() : whole;
  };
  let bytes = Buffer.alloc(0);
  for (const encode of isOpaque ? jpegs : pngs) {
    bytes = await encode(picture()).toBuffer();
    if (bytes.length <= maxPictureBytes) break;
  }
  return { bytes, contentType: isOpaque ? "image/jpeg" : "image/png" };
}

function hasTransparency(pixels: Buffer): boolean {
  for (let alpha = 3; alpha < pixels.length; alpha += 4) if (pixels[alpha] !== 255) return true;
  return false;
}
