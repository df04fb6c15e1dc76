/** The types that every browser shows as a picture and that hold nothing but pixels and metadata. */
export type ImageType = "png" | "jpeg" | "gif" | "webp";

const magics: readonly { readonly type: ImageType; readonly matches: (head: Buffer) => boolean }[] = [
  { type: "png", matches: (head) => head.subarray(0, 8).equals(Buffer.from("89504e470d0a1a0a", "hex")) },
  { type: "jpeg", matches: (head) => head.subarray(0, 3).equals(Buffer.from("ffd8ff", "hex")) },
  { type: "gif", matches: (head) => /^GIF8[79]a/.test(head.toString("latin1", 0, 6)) },
  {
    type: "webp",
    matches: (head) => head.toString("latin1", 0, 4) === "RIFF" && head.toString("latin1", 8, 12) === "WEBP",
  },
];

/** How many bytes imageTypeOf looks at. */
export const magicLength = 12;

/** The type that the first bytes say; names and content types are only labels. Undefined if it is not one of them. */
export function imageTypeOf(head: Buffer): ImageType | undefined {
  return magics.find(({ matches }) => matches(head))?.type;
}

/** Width and height of every stored picture, in pixels; smaller originals are scaled up to it. */
export const pictureSide = 512;

/**
 * The most bytes of a stored picture, as for uploads by an application (docs/app-upload.md): some applications that
 * copy pictures take no more.
 */
export const maxPictureBytes = 200_000;

/** What an original may be. */
export const originalLimits = {
  /** In bytes: a photograph of 48 megapixels has about 15 MB. */
  bytes: 20_000_000,
  /** Width times height. Bounds the memory of a decoding: at most 8 bytes a pixel. */
  pixels: 50_000_000,
  /** Pixels of the longer side. */
  longSide: 16_384,
  /** Pixels of the shorter side; below this, nothing can be recognised at 512. */
  shortSide: 64,
} as const;

/** How long one decoding may take, its process's start included. A photograph takes about a second. */
export const decodeLimitMs = 60_000;

/** Why an original is refused; part of the error's stable code. */
type RefusalReason = "too-large" | "too-small" | "not-supported" | "broken";

/** What decode-program.ts sends back: upright sRGB pixels (RGBA, 8 bits, pictureSide squared), or why there are none. */
export type DecodeAnswer =
  { readonly pixels: Buffer } | { readonly refused: RefusalReason; readonly why: string };

const reasons: readonly unknown[] = [
  "too-large",
  "too-small",
  "not-supported",
  "broken",
] satisfies RefusalReason[];

/** Narrows what a process that has seen hostile bytes sent. */
export function isDecodeAnswer(value: unknown, pixelBytes: number): value is DecodeAnswer {
  if (typeof value !== "object" || value === null) return false;
  if ("pixels" in value) return Buffer.isBuffer(value.pixels) && value.pixels.length === pixelBytes;
  return (
    "refused" in value && reasons.includes(value.refused) && "why" in value && typeof value.why === "string"
  );
}
