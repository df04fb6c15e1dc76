import { markup, type Markup } from "./markup.ts";

/**
 * A bar for a cell beside its number.
 *
 * @param share From 0 to 1.
 */
export function bar(share: number): Markup {
  const width = Math.round(Math.min(Math.max(share, 0), 1) * 1000) / 10;
  return markup`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="${width}" height="8"/></svg>`;
}
