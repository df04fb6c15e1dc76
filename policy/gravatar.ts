import { hostNameOf } from "./host-name.ts";

/** Whether the URL is a Gravatar image: a host of gravatar.com, a path below `/avatar/`. */
export function isGravatar(url: URL): boolean {
  return /(^|\.)gravatar\.com$/.test(hostNameOf(url)) && url.pathname.startsWith("/avatar/");
}

/** The same Gravatar, whose fallback for people without one is our default image (row 8 of the policy). */
export function gravatarWithFallback(gravatar: URL, defaultUrl: string): string {
  const url = new URL(gravatar);
  // A copy of the query: each change of `url.searchParams` itself would write the whole URL anew.
  const query = new URLSearchParams(url.search);
  // `default` is the long name of `d`; `f` and `forcedefault` would show the fallback to everybody.
  for (const name of ["default", "f", "forcedefault"]) query.delete(name);
  query.set("d", defaultUrl);
  url.search = query.toString();
  return url.href;
}
