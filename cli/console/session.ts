import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** Who may use the console: the browser that opened the one-time address. */
export interface Session {
  /** What every path of the console begins with, without a final slash; nobody else knows it. */
  readonly base: string;
  /** The path of the one-time address. */
  readonly entrance: string;
  /**
   * Takes the one-time address's token, once.
   *
   * @returns The value of `Set-Cookie`; undefined for a wrong token, or one that was used.
   */
  readonly enter: (token: string) => string | undefined;
  readonly isIn: (headers: IncomingHttpHeaders) => boolean;
}

const secret = (): string => randomBytes(24).toString("base64url");

/** In front of the one-time address's token. */
export const entrancePath = "/open/";

/**
 * A browser sends a cookie to every port of a host, so that any other server on this machine would get it. The cookie is of a
 * path that nobody knows: no page of another server can lead the browser to it.
 */
export function createSession(): Session {
  const base = `/${secret()}`;
  const [name, value, token] = ["pictures_console", secret(), secret()];
  let isUsed = false;
  return {
    base,
    entrance: `${entrancePath}${token}`,
    enter: (given) => {
      if (isUsed || !isSame(given, token)) return undefined;
      isUsed = true;
      return `${name}=${value}; Path=${base}; HttpOnly; SameSite=Strict`;
    },
    isIn: ({ cookie = "" }) => cookie.split("; ").some((pair) => isSame(pair, `${name}=${value}`)),
  };
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
