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
