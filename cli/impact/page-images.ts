import { readFile } from "node:fs/promises";
import { readStackFile } from "../../infra/read-stack-file.ts";
import { readStack } from "../../infra/read-stack.ts";
import type { Environment } from "../environment.ts";
import { fetchedImages, thumbnail, type FetchPicture, type PageImages } from "../report-page/page-image.ts";
import { stackFile, stackName } from "../stack-file.ts";
import type { ImpactReport } from "./impact-report.ts";

/** More are not fetched: each takes a process that decodes it, and room on the page. */
const mostFetched = 60;

/**
 * The stack's default image, by its address, and the examples' pictures where they may be fetched: the servers that they are on
 * learn that somebody looks at them. One that cannot be had is left out.
 */
export async function pageImages(
  { examples }: Pick<ImpactReport, "examples">,
  stack: string,
  env: Environment,
  fetchPicture: FetchPicture | undefined,
): Promise<PageImages> {
  const { image, settings } = await readStack(stackName(stack), readStackFile(stackFile(stack, env)));
  const images = new Map([[settings.defaultUrl, await thumbnail(await readFile(image.file))]]);
  if (fetchPicture === undefined) return images;
  const shown = examples.flatMap((example) => [example.old.picture, example.new.picture]);
  const wanted = [...new Set(shown)].filter(
    (url): url is string => url?.startsWith("https://") === true && !images.has(url),
  );
  return new Map([...images, ...(await fetchedImages(wanted.slice(0, mostFetched), fetchPicture))]);
}
