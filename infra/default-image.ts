import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { brokenImage, DefaultImageError, unsuitableImage } from "./default-image-error.ts";
import { keepResult, keptResult } from "./kept-result.ts";
import { imageProblems, type ImageFormat } from "./image-problems.ts";
import { projectRoot } from "./project-root.ts";

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

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
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
  const kept = keptResult("default-image", key) as Decoded | undefined;
  if (kept !== undefined) return kept;
  const decoded = await decode(path, content);
  keepResult("default-image", key, decoded);
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
