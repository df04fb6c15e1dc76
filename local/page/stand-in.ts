import { createHash } from "node:crypto";
import { colourOf, silhouette } from "../../lib/figure.ts";
import { markup, type Markup } from "../../lib/html.ts";
import { parseUrl } from "../../lib/url.ts";

/** A drawing in the place of a picture that is not loaded, and what that picture is. */
export interface StandIn {
  /** Such as "Gravatar" or a host's name. */
  readonly what: string;
  /** The inside of an SVG drawing, 100 units wide and high. */
  readonly drawing: Markup;
}

/** Draws the same for the same address, so that two pictures can be told apart. Nothing is asked of the address's host. */
export function standIn(address: string): StandIn {
  const url = parseUrl(address);
  if (url === undefined) return { what: "no address", drawing: lettering("!", "#5b6675") };
  const { hostname, pathname } = url;
  if (isAt(hostname, "gravatar.com")) return { what: "Gravatar", drawing: mosaic(pathname) };
  if (hostname === "cdn.auth0.com") {
    const initials = /([^/]{1,2})\.\w+$/.exec(pathname)?.[1] ?? "?";
    return { what: "Auth0's initials", drawing: lettering(initials, "#6a3fb5") };
  }
  const what = isAt(hostname, "googleusercontent.com") ? "Google" : hostname;
  return { what, drawing: silhouette(address) };
}

function isAt(hostname: string, domain: string): boolean {
  return hostname === domain || hostname.endsWith(`.${domain}`);
}

function lettering(text: string, ground: string): Markup {
  return markup`<rect width="100" height="100" fill="${ground}"/>
<text x="50" y="65" font-size="42" font-family="sans-serif" text-anchor="middle" fill="#fff">${text.toUpperCase()}</text>`;
}

/** Five by five fields, the right half mirrors the left. */
function mosaic(text: string): Markup {
  const bytes = createHash("sha256").update(text).digest();
  const fields = Array.from({ length: 15 }, (_, index) => index).filter(
    (index) => (bytes[index] ?? 0) % 2 === 0,
  );
  const squares = fields.flatMap((index) => {
    const [column, row] = [Math.floor(index / 5), index % 5];
    return [...new Set([column, 4 - column])].map((x) => `M${x * 18 + 5} ${row * 18 + 5}h18v18h-18z`);
  });
  return markup`<rect width="100" height="100" fill="#e9edf2"/><path fill="${colourOf(text)}" d="${squares.join("")}"/>`;
}
