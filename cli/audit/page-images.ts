import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { ConfigValues } from "../../infra/config-keys.ts";
import { projectRoot } from "../../infra/project-root.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import { fetchedImage, thumbnail, type FetchPicture, type PageImages } from "../report-page/page-image.ts";
import type { AuditReport } from "./audit-report.ts";
import { shownAddress } from "./shown-address.ts";

/** How many users' pictures the page shows for each reason. */
export const samplesPerReason = 6;

export interface PageImageSources {
  readonly config: Pick<ConfigValues, "defaultImage">;
  readonly settings: Pick<PictureSettings, "defaultUrl">;
  /** Left out where no host may be asked. */
  readonly fetchPicture?: FetchPicture;
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
    const image = await fetchedImage(picture, fetchPicture);
    if (image !== undefined) images.set(picture, image);
  }
  return images;
}
