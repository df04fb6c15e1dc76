import { parseUrl } from "../../policy/picture-url.ts";
import { markup, type Markup } from "./markup.ts";

/** A link that is followed by hand only and does not say from where; of what is no web address, the text alone. */
export function pictureLink(address: string, text: string = address): Markup {
  const url = parseUrl(address.trim());
  const isWeb = url?.protocol === "https:" || url?.protocol === "http:";
  return isWeb ? markup`<a href="${url.href}" rel="noopener noreferrer">${text}</a>` : markup`${text}`;
}
