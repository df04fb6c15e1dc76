import { UploadError } from "./upload-error.ts";

/** What a browser says about the file that a person chose. */
export interface PictureFile {
  readonly contentType: string;
  /** In bytes. */
  readonly contentLength: number;
}

/** Small enough for every application that copies pictures: GitLab refuses avatars above 200 kB. */
export const maxBytes = 200_000;

interface PictureType {
  readonly extension: string;
  /** How every file of this type begins. */
  readonly magic: Buffer;
}

/** No SVG: it can contain script, which a browser runs when the picture's own URL is opened. */
const pictureTypes: Readonly<Record<string, PictureType>> = {
  "image/png": { extension: "png", magic: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) },
  "image/jpeg": { extension: "jpg", magic: Buffer.from([0xff, 0xd8, 0xff]) },
};

/** @throws UploadError `type-refused` or `size-refused`. */
export function checkPictureFile({ contentType, contentLength }: PictureFile): PictureType {
  const type = Object.hasOwn(pictureTypes, contentType) ? pictureTypes[contentType] : undefined;
  if (type === undefined) {
    const allowed = Object.keys(pictureTypes).join(" or ");
    throw new UploadError("type-refused", `The file is not of type ${allowed}. Choose another file.`);
  }
  if (!Number.isSafeInteger(contentLength) || contentLength < 1 || contentLength > maxBytes) {
    const message = `The file has ${contentLength} bytes; a picture has 1 to ${maxBytes}. Choose a smaller one.`;
    throw new UploadError("size-refused", message);
  }
  return type;
}
