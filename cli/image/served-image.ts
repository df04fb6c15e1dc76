import { readFileSync } from "node:fs";
import { sha256 } from "../../lib/hash.ts";
import type { DefaultImage } from "../../stack/default-image.ts";

const timeoutMs = 15_000;

export interface ServedImage {
  readonly status: number;
  readonly contentType: string;
  readonly cacheControl: string;
  readonly content: Buffer;
}

/** As a browser gets it, without credentials; a text says why there is no answer. */
export async function getImage(
  url: string,
  { redirect }: Pick<RequestInit, "redirect"> = {},
): Promise<ServedImage | string> {
  try {
    const answer = await fetch(url, {
      signal: AbortSignal.timeout(timeoutMs),
      ...(redirect && { redirect }),
    });
    return {
      status: answer.status,
      contentType: answer.headers.get("content-type") ?? "",
      cacheControl: answer.headers.get("cache-control") ?? "",
      content: Buffer.from(await answer.arrayBuffer()),
    };
  } catch (error) {
    const { code } = Object((error as { cause?: unknown }).cause) as { code?: unknown };
    return typeof code === "string" ? code : `no answer within ${timeoutMs / 1000} s`;
  }
}

/** Whether it is the project's file, byte for byte. */
export function hasContentOf({ file }: DefaultImage, { content }: ServedImage): boolean {
  return sha256(readFileSync(file)) === sha256(content);
}

/** Whether a browser keeps it: its address holds the content's hash, so it never changes. */
export function isCachedForLong({ cacheControl }: ServedImage): boolean {
  return /\bmax-age=\d{6,}/.test(cacheControl) && cacheControl.includes("immutable");
}
