import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import sharp from "sharp";
import type { ConfigValues } from "../../infra/config-keys.ts";
import { projectRoot } from "../../infra/project-root.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import { probePictureUrl } from "../probe/probe-picture-url.ts";
import { dataUrl } from "../report-page/picture-figure.ts";
import { prepareUserImage } from "../user-image/prepare-user-image.ts";
import type { AuditReport } from "./audit-report.ts";
import { shownAddress } from "./shown-address.ts";

/** Pictures that a report's page holds itself, as `data:` URLs by the address that the report shows. */
export type PageImages = ReadonlyMap<string, string>;

/** How many users' pictures the page shows for each reason. */
export const samplesPerReason = 6;

/** Pixels of a side: twice what the page shows, for dense screens. */
const side = 208;

export interface PageImageSources {
  readonly config: Pick<ConfigValues, "defaultImage">;
  readonly settings: Pick<PictureSettings, "defaultUrl">;
  /** Left out where no host may be asked. */
  readonly fetchPicture?: (url: string) => Promise<Buffer>;
}

/** The default image, and the own pictures among the samples where they may be fetched. One that cannot be is left out. */
export async function pageImages(
  { reasons }: Pick<AuditReport, "reasons">,
  { config, settings, fetchPicture }: PageImageSources,
): Promise<PageImages> {
  const images = new Map<string, string>();
  const defaultFile = await readFile(resolve(projectRoot, config.defaultImage));
  images.set(shownAddress(settings.defaultUrl) ?? "", await thumbnail(defaultFile));
  const own = reasons.find(({ reason }) => reason === "user")?.examples.slice(0, samplesPerReason) ?? [];
  for (const { picture } of own) {
    if (fetchPicture === undefined || picture === null) continue;
    const image = await fetchPicture(picture)
      .then((file) => prepareUserImage(file))
      .catch(() => undefined);
    if (image !== undefined) images.set(picture, await thumbnail(image.bytes));
  }
  return images;
}

/** As `probePictureUrl` looks behind an address, with what it finds. */
export async function fetchOwnPicture(url: string): Promise<Buffer> {
  const { content } = await probePictureUrl(url, { keepsContent: true, timeoutMs: 10_000 });
  return content ?? Buffer.alloc(0);
}

async function thumbnail(image: Buffer): Promise<string> {
  const small = await sharp(image).resize(side, side, { fit: "cover" }).webp({ quality: 80 }).toBuffer();
  return dataUrl(small, "image/webp");
}
