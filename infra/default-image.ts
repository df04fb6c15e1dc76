import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import sharp from "sharp";
import type { KeyProblem } from "./config-error.ts";
import type { Problem } from "./config-value.ts";
import { ExpectedError } from "./expected-error.ts";
import { projectRoot } from "./project-root.ts";

/** The default image as it will be published. */
export interface DefaultImage {
  /** The file, absolute. */
  readonly file: string;
  /** The object's key: it holds the content's hash, so a changed image is a new URL and caches never lie. */
  readonly key: string;
  readonly contentType: string;
}

const formats: Readonly<Record<string, { extension: string; contentType: string }>> = {
  png: { extension: "png", contentType: "image/png" },
  jpeg: { extension: "jpg", contentType: "image/jpeg" },
  gif: { extension: "gif", contentType: "image/gif" },
};

/**
 * Reads and decodes the default image.
 *
 * @param path Relative to the project, or absolute.
 * @throws DefaultImageError `default-image-missing` or `default-image-broken`, naming the file and the remedy.
 */
export async function loadDefaultImage(path: string): Promise<DefaultImage> {
  const file = isAbsolute(path) ? path : join(projectRoot, path);
  const content = read(path, file);
  const { extension, contentType } = await decode(path, content);
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 16);
  return { file, key: `default-${hash}.${extension}`, contentType };
}

function read(path: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const remedy = "put a PNG, JPEG or GIF there, or set the key to one";
    throw new DefaultImageError("default-image-missing", path, { why: "cannot be read", remedy }, { cause });
  }
}

/** Decodes every pixel: a header alone would let a truncated file through. */
async function decode(path: string, content: Buffer): Promise<{ extension: string; contentType: string }> {
  try {
    const { info } = await sharp(content, { failOn: "truncated" })
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { format } = await sharp(content).metadata();
    const known = formats[format];
    if (known !== undefined && info.size > 0) return known;
  } catch (cause) {
    throw brokenImage(path, "does not decode", { cause });
  }
  throw brokenImage(path, "is no PNG, JPEG or GIF");
}

function brokenImage(path: string, why: string, options?: ErrorOptions): DefaultImageError {
  const remedy = "export it again as PNG, JPEG or GIF, or set the key to another file";
  return new DefaultImageError("default-image-broken", path, { why, remedy }, options);
}

/** The default image cannot be used; `problem` is for a report together with those of other keys. */
export class DefaultImageError extends ExpectedError {
  readonly problem: KeyProblem;

  constructor(code: string, path: string, { why, remedy }: Problem, options?: ErrorOptions) {
    super(code, `defaultImage (${path}) ${why}: ${remedy}.`, options);
    this.name = "DefaultImageError";
    this.problem = { key: "defaultImage", found: path, why, remedy };
  }
}
