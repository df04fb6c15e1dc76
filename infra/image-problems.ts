import type { Problem } from "./config-value.ts";

/** A format that a default image may have. */
export interface ImageFormat {
  /** Of the object's key. */
  readonly extension: string;
  readonly contentType: string;
  /** Whether Gravatar takes it as a fallback (docs.gravatar.com, "Default image"). */
  readonly gravatar: boolean;
}

/** By the decoder's names. */
const formats: Readonly<Record<string, ImageFormat>> = {
  png: { extension: "png", contentType: "image/png", gravatar: true },
  jpeg: { extension: "jpg", contentType: "image/jpeg", gravatar: true },
  gif: { extension: "gif", contentType: "image/gif", gravatar: true },
  // Browsers show these two; applications that copy pictures may not. So they are allowed, not recommended.
  webp: { extension: "webp", contentType: "image/webp", gravatar: false },
  avif: { extension: "avif", contentType: "image/avif", gravatar: false },
};

/** Applications show pictures at up to this size on ordinary screens, in pixels. */
const leastSide = 128;
/** Applications that copy pictures take less than 1 MB. */
const byteLimit = 1_000_000;

/** What a decoded image is. */
export interface ImageProperties {
  /** The decoder's name of it. */
  readonly format: string;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
}

/** The image's format where it is one that may be used, and everything that is wrong with the image. */
export function imageProblems(
  { format, width, height, bytes }: ImageProperties,
  gravatarFallback: boolean,
): { readonly known: ImageFormat | undefined; readonly problems: readonly Problem[] } {
  const known = Object.hasOwn(formats, format) ? formats[format] : undefined;
  const problems: Problem[] = [];
  const add = (why: string, remedy: string) => problems.push({ why, remedy });
  if (known === undefined) add(`is no ${names(() => true)} (${format})`, "export it again as PNG");
  else if (gravatarFallback && !known.gravatar) {
    const why = `is no ${names((candidate) => candidate.gravatar)} (${format}), which Gravatar's fallback must be`;
    add(why, "export it again as PNG, or set gravatar to keep or never");
  }
  if (Math.min(width, height) < leastSide) {
    add(`is ${width}x${height} pixels`, `use an image of at least ${leastSide}x${leastSide}`);
  }
  if (width !== height) add(`is not square (${width}x${height})`, "crop it, since applications would");
  if (bytes >= byteLimit) add(`has ${bytes} bytes`, `use a file of less than ${byteLimit}`);
  return { known, problems };
}

function names(isMeant: (format: ImageFormat) => boolean): string {
  const meant = Object.entries(formats).filter(([, format]) => isMeant(format));
  return new Intl.ListFormat("en", { type: "disjunction" }).format(meant.map(([name]) => name.toUpperCase()));
}
