import { parseUrl } from "../../policy/picture-url.ts";
import { visible } from "../people/visible.ts";

/** Characters in a report: of an address, and of what is none. */
const longest = { address: 300, other: 60 };

/**
 * A picture's address for a report, which goes further than a terminal: without query and fragment, which may be a key, and
 * nothing of an address that holds an `@`, which may be an email.
 *
 * @returns null where nothing of it may be shown.
 */
export function shownAddress(address: string): string | null {
  const url = parseUrl(address.trim());
  if (url !== undefined) [url.search, url.hash, url.username, url.password] = ["", "", "", ""];
  const text = url?.href ?? address.trim();
  if (text === "" || /@|%40/.test(text)) return null;
  const most = url === undefined || url.protocol === "data:" ? longest.other : longest.address;
  return visible(text.length > most ? `${text.slice(0, most)}…` : text);
}
