import { createHash } from "node:crypto";
import { escapeHtml } from "../../lib/html.ts";
import { parseUrl } from "../../lib/url.ts";

/** A drawing in the place of a picture that is not loaded, and what that picture is. */
export interface StandIn {
  /** Such as "Gravatar" or a host's name. */
  readonly what: string;
  readonly svg: string;
}

/** Draws the same for the same address, so that two pictures can be told apart. Nothing is asked of the address's host. */
export function standIn(address: string): StandIn {
  const url = parseUrl(address);
  if (url === undefined) return { what: "no address", svg: drawing("no address", "#5b6675", lettering("!")) };
  const { hostname, pathname } = url;
  if (isAt(hostname, "gravatar.com")) {
    return { what: "Gravatar", svg: drawing("Gravatar", "#e9edf2", mosaic(pathname)) };
  }
  if (hostname === "cdn.auth0.com") {
    const initials = /([^/]{1,2})\.\w+$/.exec(pathname)?.[1] ?? "?";
    return { what: "Auth0's initials", svg: drawing("Auth0's initials", "#6a3fb5", lettering(initials)) };
  }
  const what = isAt(hostname, "googleusercontent.com") ? "Google" : hostname;
  return { what, svg: drawing(what, colourOf(address), silhouette) };
}

/** In the place of a picture that there is none of. */
export function emptyPicture(label: string): string {
  const frame = `<rect x="2" y="2" width="96" height="96" rx="8" fill="none" stroke="#7b8796" stroke-width="2" stroke-dasharray="6 5"/>`;
  return svg(label, frame);
}

const silhouette = `<circle cx="50" cy="39" r="18" fill="#fff" fill-opacity="0.85"/><path d="M14 100c0-22 16-35 36-35s36 13 36 35z" fill="#fff" fill-opacity="0.85"/>`;

function isAt(hostname: string, domain: string): boolean {
  return hostname === domain || hostname.endsWith(`.${domain}`);
}

function drawing(what: string, ground: string, content: string): string {
  const label = `Local stand-in for a picture that is not loaded: ${what}`;
  return svg(label, `<rect width="100" height="100" fill="${ground}"/>${content}`);
}

function svg(label: string, content: string): string {
  return `<svg role="img" aria-label="${escapeHtml(label)}" viewBox="0 0 100 100">${content}</svg>`;
}

function lettering(text: string): string {
  const letters = escapeHtml(text.toUpperCase());
  return `<text x="50" y="65" font-size="42" font-family="sans-serif" text-anchor="middle" fill="#fff">${letters}</text>`;
}

/** Five by five fields, the right half mirrors the left. */
function mosaic(text: string): string {
  const bytes = digest(text);
  const fields = Array.from({ length: 15 }, (_, index) => index).filter(
    (index) => (bytes[index] ?? 0) % 2 === 0,
  );
  const squares = fields.flatMap((index) => {
    const [column, row] = [Math.floor(index / 5), index % 5];
    return [...new Set([column, 4 - column])].map((x) => `M${x * 18 + 5} ${row * 18 + 5}h18v18h-18z`);
  });
  return `<path fill="${colourOf(text)}" d="${squares.join("")}"/>`;
}

function colourOf(text: string): string {
  return `hsl(${((digest(text)[20] ?? 0) * 360) >> 8} 45% 38%)`;
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
