import { createHash } from "node:crypto";
import { markup, type Markup } from "../../lib/html.ts";
import { parseUrl } from "../../policy/picture-url.ts";

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
  const url = parseUrl(address);
  const none = address === "" ? "no picture" : "no web address";
  const what = url === undefined || url.host === "" ? none : url.host;
  const label = `${of}, ${caption.toLowerCase()}: ${what}`;
  const isInPage = image?.startsWith("data:image/") === true;
  const shown = isInPage
    ? markup`<img src="${image}" alt="${label}" width="104" height="104">`
    : markup`<svg role="img" aria-label="${label}" viewBox="0 0 100 100">${drawing(address)}</svg>`;
  const source = pictureLink(address, what);
  return markup`<figure>${shown}<figcaption>${caption}<span>${source}</span></figcaption></figure>`;
}

/** The bytes of an image, for a page that holds it itself. Keep it small: it grows by a third. */
export function dataUrl(bytes: Buffer, contentType: "image/png" | "image/jpeg" | "image/webp"): string {
  return `data:${contentType};base64,${bytes.toString("base64")}`;
}

/** The same for the same address, so that two pictures can be told apart; a frame where there is none. */
function drawing(address: string): Markup {
  if (address === "") {
    return markup`<rect x="2" y="2" width="96" height="96" rx="8" fill="none" stroke="#7b8796" stroke-width="2" stroke-dasharray="6 5"/>`;
  }
  return markup`<rect width="100" height="100" fill="${colourOf(address)}"/>
<circle cx="50" cy="39" r="18" fill="#fff" fill-opacity="0.85"/>
<path d="M14 100c0-22 16-35 36-35s36 13 36 35z" fill="#fff" fill-opacity="0.85"/>`;
}

function colourOf(text: string): string {
  const [byte = 0] = createHash("sha256").update(text).digest();
  return `hsl(${(byte * 360) >> 8} 45% 38%)`;
}

/** A link that is followed by hand only and does not say from where; only the text if it is not a web URL. */
export function pictureLink(address: string, text: string = address): Markup {
  const url = parseUrl(address.trim());
  const isWeb = url?.protocol === "https:" || url?.protocol === "http:";
  return isWeb ? markup`<a href="${url.href}" rel="noopener noreferrer">${text}</a>` : markup`${text}`;
}
