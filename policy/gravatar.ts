import { hostNameOf } from "./picture-url.ts";
import type { PictureSettings } from "./settings.ts";

/** Whether the URL is a Gravatar image: the default port of a host of gravatar.com, and one of Gravatar's paths. */
export function isGravatar(url: URL): boolean {
  return (
    url.port === "" &&
    /(^|\.)gravatar\.com$/.test(hostNameOf(url)) &&
    /^\/(avatar($|\/|\.php)|userimage\/)/.test(url.pathname)
  );
}

/** Whether our default image can be the Gravatar's fallback: one that was uploaded to Gravatar has none. */
export function takesFallback(gravatar: URL): boolean {
  return !gravatar.pathname.startsWith("/userimage/");
}

/**
 * The same Gravatar, whose fallback for people without one is our default image, where it takes one.
 *
 * @returns undefined where it is longer than `maxLength` then.
 */
export function gravatarWithFallback(
  gravatar: URL,
  { defaultUrl, maxLength }: PictureSettings,
): string | undefined {
  const url = new URL(gravatar);
  if (takesFallback(url)) {
    // A copy of the query: each change of `url.searchParams` itself would write the whole URL anew.
    const query = new URLSearchParams(url.search);
    // `default` is the long name of `d`; `f` and `forcedefault` would show the fallback to everybody.
    for (const name of ["default", "f", "forcedefault"]) query.delete(name);
    query.set("d", defaultUrl);
    url.search = query.toString();
  }
  return url.href.length <= maxLength ? url.href : undefined;
}
