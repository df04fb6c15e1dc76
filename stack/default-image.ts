import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { cacheResult, cachedResult } from "../lib/cached-result.ts";
import { sha256 } from "../lib/hash.ts";
import { projectRoot } from "../lib/project.ts";
import { brokenImage, DefaultImageError, unsuitableImage } from "./config-error.ts";
import type { Problem } from "./config-value.ts";

/** The default image as it will be published. */
export interface DefaultImage {
  /** The file, absolute. */
  readonly file: string;
  /** The object's key: it holds the content's hash, so a changed image is a new URL and caches never lie. */
  readonly key: string;
  readonly contentType: string;
  /** Of the content: hex, as S3's ETag of an object that was put in one piece. */
  readonly md5: string;
  /** Of the content: hex. */
  readonly sha256: string;
}

export interface DefaultImageRules {
  /** Whether the image is Gravatar's fallback, which may be of fewer formats. */
  readonly gravatarFallback: boolean;
}

/**
 * Reads, decodes and checks the default image.
 *
 * @param path Relative to the project, or absolute.
 * @throws DefaultImageError `default-image-missing`, `default-image-broken` or `default-image-unsuitable`, naming
 *   the file, every problem and the remedies.
 */
export async function loadDefaultImage(path: string, rules: DefaultImageRules): Promise<DefaultImage> {
  const file = isAbsolute(path) ? path : join(projectRoot, path);
  const content = read(path, file);
  const { format, width, height } = await decodeOnce(path, content);
  const found = { format, width, height, bytes: content.length };
  const { known, problems } = imageProblems(found, rules.gravatarFallback);
  if (known === undefined || problems.length > 0) throw unsuitableImage(path, problems);
  return { file, contentType: known.contentType, ...fingerprints(content, known) };
}

function fingerprints(content: Buffer, { extension }: ImageFormat) {
  const hash = sha256(content);
  const md5 = createHash("md5").update(content).digest("hex");
  return { key: `default-${hash.slice(0, 16)}.${extension}`, md5, sha256: hash };
}

/** Whether a key is one that a default image, this or a former one, was published under. */
export function isDefaultImageKey(key: string): boolean {
  return /^default-[\da-f]{16}\.[a-z]+$/.test(key);
}

function read(path: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const remedy = "put a PNG, JPEG or GIF there, or set the key to one";
    const problems = [{ why: "cannot be read", remedy }];
    throw new DefaultImageError("default-image-missing", path, problems, { cause });
  }
}

interface Decoded {
  /** As the decoder names it; AVIF is called `avif` whatever it is called there. */
  readonly format: string;
  readonly width: number;
  readonly height: number;
}

/** What this decoder says of a file of this content was found out before, in most runs. */
async function decodeOnce(path: string, content: Buffer): Promise<Decoded> {
  const decoder = readFileSync(join(projectRoot, "node_modules/sharp/package.json"));
  const key = `${sha256(decoder)} ${sha256(content)}`;
  const cached = cachedResult("default-image", key) as Decoded | undefined;
  if (cached !== undefined) return cached;
  const decoded = await decode(path, content);
  cacheResult("default-image", key, decoded);
  return decoded;
}

/** Decodes every pixel: a header alone would let a truncated file through. */
async function decode(path: string, content: Buffer): Promise<Decoded> {
  // Half a second to load: commands that never look at the image do without it.
  const { default: sharp } = await import("sharp");
  try {
    const image = sharp(content, { failOn: "truncated" });
    const { format, compression, width, height } = await image.metadata();
    await image.raw().toBuffer();
    return { format: compression === "av1" ? "avif" : format, width, height };
  } catch (cause) {
    throw brokenImage(path, cause);
  }
}

/** A format that a default image may have. */
interface ImageFormat {
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
interface ImageProperties {
  /** The decoder's name of it. */
  readonly format: string;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
}

/** The image's format where it is one that may be used, and everything that is wrong with the image. */
function imageProblems(
  { format, width, height, bytes }: ImageProperties,
  gravatarFallback: boolean,
): { readonly known: ImageFormat | undefined; readonly problems: readonly Problem[] } {
  const known = Object.hasOwn(formats, format) ? formats[format] : undefined;
  const problems: Problem[] = [];
  const add = (why: string, remedy: string) => problems.push({ why, remedy });
  if (known === undefined) add(`is not a ${names(() => true)} (${format})`, "export it again as PNG");
  else if (gravatarFallback && !known.gravatar) {
    const why = `is not a ${names((candidate) => candidate.gravatar)} (${format}), as Gravatar's fallback must be`;
    add(why, "export it again as PNG, or set gravatar to keep or never");
  }
  if (Math.min(width, height) < leastSide) {
    add(`is ${width}x${height} pixels`, `use an image of at least ${leastSide}x${leastSide}`);
  }
  if (width !== height) add(`is not square (${width}x${height})`, "crop it, because applications would");
  if (bytes >= byteLimit) add(`has ${bytes} bytes`, `use a file of less than ${byteLimit}`);
  return { known, problems };
}

function names(isMeant: (format: ImageFormat) => boolean): string {
  const meant = Object.entries(formats).filter(([, format]) => isMeant(format));
  return new Intl.ListFormat("en", { type: "disjunction" }).format(meant.map(([name]) => name.toUpperCase()));
}
