import { emptyFrame, figure, silhouette } from "../../lib/figure.ts";
import { markup, type Markup } from "../../lib/html.ts";
import { parseUrl } from "../../lib/url.ts";

export interface ShownPicture {
  /** Such as "Now" or "After the change". */
  readonly caption: string;
  /** Whose it is, for those who do not see it. */
  readonly of: string;
  /** The picture's address; null or empty for none. */
  readonly picture: string | null;
  /** The picture itself as a `data:` URL, where it is known ({@link dataUrl}). Without it, a drawing stands there. */
  readonly image?: string;
}

/** A picture with its caption, and a link to its address. The page loads nothing by itself. */
export function pictureFigure({ caption, of, picture, image }: ShownPicture): Markup {
  const address = picture?.trim() ?? "";
  const none = address === "" ? "no picture" : "no web address";
  const host = parseUrl(address)?.host ?? "";
  const what = host === "" ? none : host;
  const drawing = address === "" ? emptyFrame : silhouette(address);
  return figure({
    caption,
    of,
    what,
    image: image?.startsWith("data:image/") === true ? { src: image } : { drawing },
    source: pictureLink(address, what),
  });
}

/** The bytes of an image, for a page that holds it itself. Keep it small: it grows by a third. */
export function dataUrl(bytes: Buffer, contentType: "image/png" | "image/jpeg" | "image/webp"): string {
  return `data:${contentType};base64,${bytes.toString("base64")}`;
}

/** A link that is followed by hand only and does not say from where; only the text if it is not a web URL. */
export function pictureLink(address: string, text: string = address): Markup {
  const url = parseUrl(address.trim());
  const isWeb = url?.protocol === "https:" || url?.protocol === "http:";
  return isWeb ? markup`<a href="${url.href}" rel="noopener noreferrer">${text}</a>` : markup`${text}`;
}
