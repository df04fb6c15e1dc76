/** One host's cookies, as far as a login needs them: name, value, path and deletion. */
export interface CookieJar {
  /** The `Cookie` header for a path; empty where there is none. */
  header: (path: string) => string;
  /** Takes the `Set-Cookie` headers of an answer. */
  store: (setCookies: readonly string[]) => void;
}

interface Cookie {
  name: string;
  value: string;
  path: string;
}

export function createCookieJar(): CookieJar {
  const cookies = new Map<string, Cookie>();
  return {
    header: (path) =>
      [...cookies.values()]
        .filter((cookie) => isUnder(path, cookie.path))
        .map(({ name, value }) => `${name}=${value}`)
        .join("; "),
    store: (setCookies) => {
      for (const line of setCookies) {
        const { cookie, expired } = parsed(line);
        const key = `${cookie.name} ${cookie.path}`;
        if (expired) cookies.delete(key);
        else cookies.set(key, cookie);
      }
    },
  };
}

function isUnder(path: string, cookiePath: string): boolean {
  return path === cookiePath || path.startsWith(cookiePath.endsWith("/") ? cookiePath : `${cookiePath}/`);
}

function parsed(line: string): { cookie: Cookie; expired: boolean } {
  const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
  const split = pair.indexOf("=");
  const attribute = (wanted: string): string | undefined =>
    attributes.find((text) => text.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
  const expires = attribute("expires");
  return {
    cookie: {
      name: pair.slice(0, split),
      value: pair.slice(split + 1),
      path: attribute("path") ?? "/",
    },
    expired: expires !== undefined && Date.parse(expires) <= Date.now(),
  };
}
