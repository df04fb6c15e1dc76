/** Every way in which the tenant can fail on demand. */
export const faultKinds = [
  /** The answer comes `ms` later. */
  "latency",
  /** 429 with `x-ratelimit-*` and `retry-after`, the limit's reset being `ms` away. */
  "429",
  "500",
  "502",
  /** The connection ends before the request has had any effect. */
  "drop-before",
  /** The request has its effect and the connection ends without an answer. */
  "drop-after",
  /** The build of a written Action takes `ms`. */
  "slow-build",
  /** The build of a written Action fails. */
  "failing-build",
  /** An import of users ends as failed, without a summary, and changes nobody. */
  "failing-import",
  /** A GET answers what the same GET answered last, if that is at most `ms` ago. */
  "stale-read",
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** Requests and what shall befall them. */
export interface FaultRule {
  kind: FaultKind;
  /** How likely it is for each request that matches, from 0 to 1; 1 where it is left out. */
  probability?: number;
  /** Any one where it is left out. */
  method?: string;
  /**
   * The path without the query, `*` standing for any characters, `/` included; the Management API (`/api/v2/*`) where it
   * is left out. The routes under /local never fail.
   */
  path?: string;
  /** Milliseconds; what they mean is said at each kind. Without them: {@link defaultMs}. */
  ms?: number;
  /** This many matching requests are let through first. */
  skip?: number;
  /** It happens no more often than this. */
  times?: number;
}

/** A fault that shall happen now. */
export interface Fault {
  kind: FaultKind;
  ms: number;
}

export const defaultPath = "/api/v2/*";

export const defaultMs: Readonly<Record<FaultKind, number>> = {
  latency: 500,
  "429": 1000,
  "500": 0,
  "502": 0,
  "drop-before": 0,
  "drop-after": 0,
  "slow-build": 5000,
  "failing-build": 0,
  "failing-import": 0,
  "stale-read": 5000,
};
