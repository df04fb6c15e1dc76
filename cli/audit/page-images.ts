import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { ConfigValues } from "../../infra/config-keys.ts";
import { projectRoot } from "../../infra/project-root.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import { fetchedImages, thumbnail, type FetchPicture, type PageImages } from "../report-page/page-image.ts";
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
  const defaultFile = await readFile(resolve(projectRoot, config.defaultImage));
  const images = new Map([[shownAddress(settings.defaultUrl) ?? "", await thumbnail(defaultFile)]]);
  if (fetchPicture === undefined) return images;
  const own = reasons.find(({ reason }) => reason === "user")?.examples.slice(0, samplesPerReason) ?? [];
  const urls = own.flatMap(({ picture }) => picture ?? []);
  return new Map([...images, ...(await fetchedImages(urls, fetchPicture))]);
}
