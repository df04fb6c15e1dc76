import type { PictureSettings } from "../../policy/settings.ts";
import { escapeHtml } from "../tenant/oidc/html.ts";
import { emptyPicture, standIn } from "./stand-in.ts";
import { parseUrl } from "../parse-url.ts";

/** Which pictures are of this machine, and what they are. */
export interface PictureSource {
  /** Of the local S3 server: pictures of any other place are not loaded. */
  readonly origin: string;
  readonly settings: Pick<PictureSettings, "defaultUrl" | "allowedPrefixes">;
}

export interface ShownPicture {
  /** Such as "Before login". */
  readonly caption: string;
  readonly userName: string;
  /** The address; anything but text is no picture. */
  readonly picture: unknown;
  /** What to say where there is none. */
  readonly none: string;
}

/** A picture with its caption; one of elsewhere is a drawing that says so. */
export function pictureFigure(
  { caption, userName, picture, none }: ShownPicture,
  source: PictureSource,
): string {
  if (typeof picture !== "string" || picture.trim() === "") {
    return figure(emptyPicture(`${userName}, ${caption.toLowerCase()}: ${none}`), caption, none);
  }
  const name = localName(picture, source);
  if (name === undefined) {
    const { what, svg } = standIn(picture);
    return figure(svg, caption, `Stand-in: ${what}`);
  }
  const alt = escapeHtml(`${userName}, ${caption.toLowerCase()}: ${name.toLowerCase()}`);
  return figure(`<img src="${escapeHtml(picture)}" alt="${alt}" width="104" height="104">`, caption, name);
}

/** What a picture of this machine is; undefined for one of elsewhere. */
function localName(picture: string, { origin, settings }: PictureSource): string | undefined {
  if (parseUrl(picture)?.origin !== origin) return undefined;
  if (picture === settings.defaultUrl) return "Default image";
  return settings.allowedPrefixes.some((prefix) => picture.startsWith(prefix))
    ? "Own picture"
    : "Local picture";
}

function figure(image: string, caption: string, what: string): string {
  return `<figure>${image}<figcaption>${escapeHtml(caption)}<span>${escapeHtml(what)}</span></figcaption></figure>`;
}
