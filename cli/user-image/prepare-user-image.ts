import { createHash } from "node:crypto";
import { ExpectedError } from "../../infra/expected-error.ts";
import { decodeInProcess, type DecodeOptions, type DecodeOutcome } from "./decode-in-process.ts";
import { encodePicture, type EncodedPicture } from "./encode-picture.ts";
import { originalLimits, pictureSide } from "./image-limits.ts";
import { imageTypeOf } from "./image-type.ts";
import { describeRefused } from "./refused-type.ts";

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
 * centre's square, scaled to 512 px and encoded anew from its pixels. Of an animation, the first frame. The same file
 * gives the same bytes.
 *
 * @throws ExpectedError `image-empty`, `image-too-large`, `image-too-small`, `image-not-supported`, `image-broken` or
 * `image-too-slow`, which say why.
 */
export async function prepareUserImage(file: Buffer, options: DecodeOptions = {}): Promise<UserImage> {
  checkBytes(file);
  const picture = await encodePicture(pixelsOf(await decodeInProcess(file, options)));
  const sha256 = createHash("sha256").update(picture.bytes).digest("hex");
  return { ...picture, sha256, width: pictureSide };
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
  throw imageError("broken", "brought the decoder down; nothing else was harmed");
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
