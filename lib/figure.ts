import { createHash } from "node:crypto";
import { markup, type Markup } from "./html.ts";

export interface Figure {
  /** Such as "Now" or "After the change". */
  readonly caption: string;
  /** Whose it is, for those who do not see it. */
  readonly of: string;
  /** What it shows, in words. */
  readonly what: string;
  /** The address of an image, or the inside of an SVG drawing in its place, 100 units wide and high. */
  readonly image: { readonly src: string } | { readonly drawing: Markup };
  /** Below the caption; `what` where it is left out. */
  readonly source?: Markup;
}

/** An image with its caption, and words for those who do not see it. */
export function figure({ caption, of, what, image, source }: Figure): Markup {
  const label = `${of}, ${caption.toLowerCase()}: ${what}`;
  const shown =
    "src" in image
      ? markup`<img src="${image.src}" alt="${label}" width="104" height="104">`
      : markup`<svg role="img" aria-label="${label}" viewBox="0 0 100 100">${image.drawing}</svg>`;
  return markup`<figure>${shown}<figcaption>${caption}<span>${source ?? what}</span></figcaption></figure>`;
}

/** A drawing for where there is no image. */
export const emptyFrame = markup`<rect x="2" y="2" width="96" height="96" rx="8" fill="none" stroke="#7b8796" stroke-width="2" stroke-dasharray="6 5"/>`;

/** A drawing for an image that is not loaded. The same text has the same colour, so that two images can be told apart. */
export function silhouette(text: string): Markup {
  return markup`<rect width="100" height="100" fill="${colourOf(text)}"/>
<circle cx="50" cy="39" r="18" fill="#fff" fill-opacity="0.85"/>
<path d="M14 100c0-22 16-35 36-35s36 13 36 35z" fill="#fff" fill-opacity="0.85"/>`;
}

/** A colour with enough contrast to white. */
export function colourOf(text: string): string {
  const [byte = 0] = createHash("sha256").update(text).digest();
  return `hsl(${(byte * 360) >> 8} 45% 38%)`;
}
