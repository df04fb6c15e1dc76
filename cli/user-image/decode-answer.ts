/** Why an original is refused; part of the error's stable code. */
export type RefusalReason = "too-large" | "too-small" | "not-supported" | "broken";

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
