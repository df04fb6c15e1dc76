import { base64Host, type MirrorCounts } from "./mirror-counts.ts";

/** How many requests a run sends, and how long it takes at least. */
export interface Foretold {
  readonly requests: {
    /** To the Management API, the export not counted. */
    readonly auth0: number;
    /** To providers and Gravatar, redirects not counted. */
    readonly hosts: number;
    /** That store a picture. */
    readonly s3: number;
  };
  readonly seconds: number;
}

/** What a duration is computed from; docs/copies.md names where each comes from. */
export const pace = {
  /** Of the Management API: below what Auth0 gives the smaller plans for production. */
  auth0PerSecond: 10,
  /** To read the user again and to note the copy. */
  auth0RequestsPerCopy: 2,
  /** A picture's, and a server's answer that it is unchanged. */
  secondsPerRequest: 0.25,
  requestsPerHost: 2,
  /** Each in a process of its own, on two cores. */
  preparedPerSecond: 4,
} as const;

/**
 * The parts run side by side, so that the slowest one says how long it takes: the host of the most users, the Management API,
 * or the preparing of pictures.
 */
export function foretell({ counts, hosts }: Pick<MirrorCounts, "counts" | "hosts">): Foretold {
  const asked = [...hosts].filter(([host]) => host !== base64Host);
  const perHost = asked.map(([, { copied, unchanged }]) => copied + unchanged);
  const auth0 = counts.copied * pace.auth0RequestsPerCopy;
  const seconds = [
    (Math.max(0, ...perHost) * pace.secondsPerRequest) / pace.requestsPerHost,
    auth0 / pace.auth0PerSecond,
    counts.copied / pace.preparedPerSecond,
  ];
  return {
    requests: { auth0, hosts: perHost.reduce((sum, each) => sum + each, 0), s3: counts.copied },
    seconds: Math.ceil(Math.max(...seconds)),
  };
}
