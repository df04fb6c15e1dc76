import sharp, { type Sharp } from "sharp";
import { maxPictureBytes, pictureSide } from "./image-limits.ts";

export interface EncodedPicture {
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
    // More effort takes ten seconds for noise, and nobody sees what it gains.
    return (picture) => picture.png({ palette: true, colours, effort: 1 });
  }),
];

/**
 * Encodes RGBA pixels: as JPEG, or as PNG where some are transparent. From bare pixels, so that no metadata of an
 * original can come along. The same pixels give the same bytes.
 */
export async function encodePicture(pixels: Buffer): Promise<EncodedPicture> {
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
