import { markup, timeElement, type Markup } from "../../../lib/html.ts";
import type { FindingState } from "./find-own-pictures.ts";

/** How the pictures were found, how far that is, and how old the answer is. */
export function foundParagraph(state: FindingState | undefined): Markup {
  if (state?.askedAt === undefined) return markup`<p class="hint">The tenant has not answered yet.</p>`;
  const asked = timeElement(new Date(state.askedAt), "time");
  return markup`<p class="hint">${wayWords(state)} ${farWords(state)} Asked at ${asked}, ${ageWords(state.askedAt)}.</p>`;
}

const exportReasons: Readonly<Record<NonNullable<FindingState["exportReason"]>, string>> = {
  "search-too-slow": "a search takes too long",
  "many-at-one-time": "more users were changed at one time than a search can give",
  "search-finds-too-few": "a search would need very many requests",
};

const dayMs = 24 * 60 * 60_000;

function wayWords({ way, exportReason, windowMs, exported }: FindingState): string {
  if (way === "export") {
    const why = exportReason === undefined ? "" : `, because ${exportReasons[exportReason]}`;
    return `Found by an export of all users${why}; ${exported} were read.`;
  }
  if (windowMs === undefined) return "Found by the search for users.";
  const span = windowMs >= dayMs ? `${windowMs / dayMs} days` : "one hour";
  return `Found by the search for users, of ${span} at a time, because a search of all takes too long.`;
}

function farWords({ isEnd, looked, total, cameTo }: FindingState): Markup {
  // The count is of those with the key, blank ones too: at the end it would look as if some were left out.
  const of = isEnd || total === undefined || total < looked ? "" : ` of ${total}`;
  const how = markup`${looked}${of} users with an own picture were looked at`;
  if (isEnd || cameTo === undefined) return markup`${how}.`;
  return markup`${how}, back to ${timeElement(new Date(cameTo), "day")}; the rest is looked at when you come to it.`;
}

function ageWords(askedAt: number): string {
  const minutes = Math.floor((Date.now() - askedAt) / 60_000);
  if (minutes < 1) return "less than a minute ago";
  return minutes === 1 ? "a minute ago" : `${minutes} minutes ago`;
}
