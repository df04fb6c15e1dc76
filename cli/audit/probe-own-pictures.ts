import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../lib/clock.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { createFingerprintTable } from "../../lib/fingerprint-table.ts";
import { readLines } from "../../lib/lines.ts";
import { createPoliteQueue, type ConcurrencyLimits } from "../../lib/polite-queue.ts";
import { withRetry } from "../../lib/retry.ts";
import { parseUrl } from "../../lib/url.ts";
import { ProbeRefusal, type ProbeReason } from "../image/public-network.ts";
import { shownAddress, type Finding } from "../people/finding.ts";

export interface ProbeSettings extends ConcurrencyLimits {
  /** As `probePictureUrl`. */
  readonly probe: (url: string) => Promise<unknown>;
  readonly clock: Pick<Clock, "sleep">;
  readonly onFinding: (finding: Finding) => void;
  /** A user's picture was looked at. */
  readonly onLooked: () => void;
}

/** By the byte that stands for it; 0 is a picture that is there. */
const verdicts: readonly (ProbeReason | undefined)[] = [
  undefined,
  "not-https",
  "not-public",
  "too-many-redirects",
  "too-slow",
  "too-large",
  "not-an-image",
  "unreachable",
];

/** Milliseconds before a host that has too much to do is asked again. */
const pauses: readonly number[] = [5000, 20_000];

/**
 * Fetches the own pictures: each URL once, however many users have it. Ten bytes are kept for each URL.
 *
 * @returns how many addresses there were.
 */
export async function probeOwnPictures(list: PictureList, settings: ProbeSettings): Promise<number> {
  const known = createFingerprintTable();
  const underWay = new Map<string, Promise<number>>();
  const queue = createPoliteQueue(settings);

  const look = async (url: string): Promise<number> => {
    try {
      const verdict = verdicts.indexOf(await reasonOf(url, settings));
      known.set(url, verdict);
      return verdict;
    } finally {
      underWay.delete(url);
    }
  };
  const verdictOf = async (url: string): Promise<number> => {
    const verdict = known.get(url);
    if (verdict !== undefined) return verdict;
    const running = underWay.get(url) ?? look(url);
    underWay.set(url, running);
    return running;
  };
  const conclude = ({ userId, url }: ListedPicture, verdict: number) => {
    const cause = verdicts[verdict];
    if (cause !== undefined) {
      settings.onFinding({ userId, kind: "own-unreachable", cause, address: shownAddress(url) });
    }
    settings.onLooked();
  };
  for (const picture of list.read()) {
    const verdict = known.get(picture.url);
    if (verdict !== undefined) conclude(picture, verdict);
    else {
      const host = parseUrl(picture.url)?.host ?? "";
      await queue.add(host, async () => conclude(picture, await verdictOf(picture.url)));
    }
  }
  await queue.idle();
  return known.size();
}

/** Why the picture cannot be fetched; undefined where it can. */
async function reasonOf(url: string, { probe, clock }: ProbeSettings): Promise<ProbeReason | undefined> {
  const pauseAfter = (error: unknown, failures: number) =>
    isBusy(refusalOf(error).status) ? pauses[failures - 1] : undefined;
  try {
    await withRetry(() => probe(url), pauseAfter, clock.sleep);
    return undefined;
  } catch (error) {
    return refusalOf(error).reason;
  }
}

/** It says nothing about the picture. */
function isBusy(status: number | undefined): boolean {
  return status === 429 || (status !== undefined && status >= 500);
}

/** Everything else than a probe's own refusal is a bug, or this machine's. */
function refusalOf(error: unknown): { readonly reason: ProbeReason; readonly status: number | undefined } {
  if (!(error instanceof ExpectedError)) throw error;
  const reason = error.code.replace(/^picture-url-/, "") as ProbeReason;
  if (!verdicts.includes(reason)) throw error;
  return { reason, status: error.cause instanceof ProbeRefusal ? error.cause.status : undefined };
}

/** A picture that logins show and that is still to be looked at. */
export interface ListedPicture {
  readonly userId: string;
  readonly url: string;
  /** The user's own one, or our copy of a root picture. */
  readonly picture: "own" | "copy";
}

/**
 * A list on the disk. Its file has no name from the start, so that nothing is left behind, however the command ends:
 * it is a list of people.
 */
interface PictureList {
  readonly add: (picture: ListedPicture) => void;
  readonly length: () => number;
  /** All of them, when no more are added. */
  readonly read: () => Generator<ListedPicture, void, undefined>;
  readonly close: () => void;
}

const bufferedCharacters = 65_536;

export function createPictureList(): PictureList {
  const file = namelessFile();
  let length = 0;
  let buffered = "";
  const flush = () => {
    writeFileSync(file, buffered);
    buffered = "";
  };
  return {
    add: ({ userId, url, picture }) => {
      length += 1;
      buffered += `${JSON.stringify([userId, url, picture])}\n`;
      if (buffered.length > bufferedCharacters) flush();
    },
    length: () => length,
    read: function* () {
      flush();
      for (const { text } of readLines(file)) {
        const [userId, url, picture] = JSON.parse(text) as [string, string, ListedPicture["picture"]];
        yield { userId, url, picture };
      }
    },
    close: () => closeSync(file),
  };
}

function namelessFile(): number {
  const folder = mkdtempSync(join(tmpdir(), "auth0-user-pictures-"));
  try {
    return openSync(join(folder, "list"), "wx+", 0o600);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
