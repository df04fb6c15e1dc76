import { readFile } from "node:fs/promises";
import sharp from "sharp";
import { readStackFile } from "../../infra/read-stack-file.ts";
import { readStack } from "../../infra/read-stack.ts";
import type { Environment } from "../environment.ts";
import { dataUrl } from "../report-page/picture-figure.ts";
import { stackFile, stackName } from "../stack-file.ts";
import type { PageImages } from "./impact-page.ts";

/** Pixels of a side: twice what the page shows, for dense screens. */
const side = 208;

/**
 * The stack's default image, by its address. Other pictures are on other people's servers: to fetch them would tell those
 * servers whose pictures are looked at.
 */
export async function pageImages(stack: string, env: Environment): Promise<PageImages> {
  const { image, settings } = await readStack(stackName(stack), readStackFile(stackFile(stack, env)));
  const small = await sharp(await readFile(image.file))
    .resize(side, side, { fit: "cover" })
    .webp({ quality: 80 })
    .toBuffer();
  return new Map([[settings.defaultUrl, dataUrl(small, "image/webp")]]);
}
