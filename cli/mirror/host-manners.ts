import type { Clock } from "../../lib/clock.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { withRetry } from "../../lib/retry.ts";
import { hostAnswerOf } from "../image/probe-picture-url.ts";

/** Asks hosts for pictures, and leaves a host alone as long as it asks for that. */
export interface HostManners {
  /**
   * Sends a request, when the host may be asked again, and repeats it after 429 and 5xx.
   *
   * @throws ExpectedError `host-given-up` where the host is not asked any more in this run, or what the last request threw.
   */
  readonly ask: <T>(host: string, request: () => Promise<T>) => Promise<T>;
}

/** Milliseconds before the next attempt where the host does not say. */
const pauses: readonly number[] = [1000, 5000, 20_000];

/** A host that wants to be left alone for longer is not asked again in this run. */
const longestPauseMs = 10 * 60_000;

/** So many requests in a row without any answer, or with 429 and 5xx to the last attempt: the next user's would end alike. */
const mostFailuresInRow = 8;

interface Host {
  /** As `Clock.now`: no request before. */
  notBefore: number;
  failuresInRow: number;
  isGivenUp: boolean;
}

export function createHostManners(clock: Clock): HostManners {
  const hosts = new Map<string, Host>();

  const attempt = async <T>(name: string, host: Host, request: () => Promise<T>): Promise<T> => {
    // Another request's answer may have put it off meanwhile.
    while (!host.isGivenUp && host.notBefore > clock.now()) await clock.sleep(host.notBefore - clock.now());
    if (host.isGivenUp) throw givenUp(name);
    try {
      const answer = await request();
      host.failuresInRow = 0;
      return answer;
    } catch (error) {
      const { status, retryAfterMs = 0 } = hostAnswerOf(error);
      if (retryAfterMs > longestPauseMs) host.isGivenUp = true;
      else if (isBusy(status)) host.notBefore = Math.max(host.notBefore, clock.now() + retryAfterMs);
      throw error;
    }
  };
  return {
    ask: async (name, request) => {
      const host = hosts.get(name) ?? { notBefore: 0, failuresInRow: 0, isGivenUp: false };
      hosts.set(name, host);
      const pauseAfter = (error: unknown, failures: number) => {
        const { status, retryAfterMs } = hostAnswerOf(error);
        return !host.isGivenUp && isBusy(status) && failures <= pauses.length
          ? (retryAfterMs ?? pauses[failures - 1])
          : undefined;
      };
      try {
        return await withRetry(() => attempt(name, host, request), pauseAfter, clock.sleep);
      } catch (error) {
        const { status } = hostAnswerOf(error);
        // Any other answer is one about this picture.
        host.failuresInRow = isBusy(status) || isUnanswered(error) ? host.failuresInRow + 1 : 0;
        if (host.failuresInRow >= mostFailuresInRow) host.isGivenUp = true;
        throw error;
      }
    },
  };
}

function isBusy(status: number | undefined): boolean {
  return status === 429 || (status !== undefined && status >= 500);
}

function isUnanswered(error: unknown): boolean {
  if (!(error instanceof ExpectedError)) return false;
  const hasNoStatus = hostAnswerOf(error).status === undefined;
  return (
    hasNoStatus && ["picture-url-unreachable", "picture-url-too-slow", "host-given-up"].includes(error.code)
  );
}

function givenUp(name: string): ExpectedError {
  const message = `${name} gave no picture many times in a row, or asked to be left alone, so it is not asked any more in this run. Run this again later.`;
  return new ExpectedError("host-given-up", message);
}
