import sharp from "sharp";
import { mapConcurrently } from "../../lib/concurrency.ts";
import { prepareUserImage } from "../image/prepare-user-image.ts";
import { probePictureUrl } from "../image/probe-picture-url.ts";
import { dataUrl } from "./picture-figure.ts";

/** Pictures that a page holds itself, as `data:` URLs by the address that the report shows. */
export type PageImages = ReadonlyMap<string, string>;

/** Gets the picture behind an address. */
export type FetchPicture = (url: string) => Promise<Buffer>;

/** Pixels of a side: twice what a page shows, for dense screens. */
const side = 208;

/** As `probePictureUrl` fetches a URL, with what it finds. */
export async function fetchPicture(url: string): Promise<Buffer> {
  const { content } = await probePictureUrl(url, { keepsContent: true, timeoutMs: 10_000 });
  return content ?? Buffer.alloc(0);
}

/** How many servers are asked at the same time. */
const atOnce = 4;

/** Strangers' pictures by their addresses, each asked for once; those that cannot be had are left out. */
export async function fetchedImages(urls: Iterable<string>, fetchOne: FetchPicture): Promise<PageImages> {
  const found = new Map<string, string>();
  const fetchNamed = async (url: string) => [url, await fetchedImage(url, fetchOne)] as const;
  for await (const [url, image] of mapConcurrently(new Set(urls), atOnce, fetchNamed)) {
    if (image !== undefined) found.set(url, image);
  }
  return found;
}

/** A foreign picture, small and encoded again from its pixels; undefined if there is none. */
async function fetchedImage(url: string, fetchOne: FetchPicture): Promise<string | undefined> {
  const image = await fetchOne(url)
    .then((file) => prepareUserImage(file))
    .catch(() => undefined);
  return image && thumbnail(image.bytes);
}

/** As a `data:` URL. Only of an image that is known to be harmless. */
export async function thumbnail(image: Buffer): Promise<string> {
  const small = await sharp(image).resize(side, side, { fit: "cover" }).webp({ quality: 80 }).toBuffer();
  return dataUrl(small, "image/webp");
}
