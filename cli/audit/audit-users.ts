import type { S3Client } from "@aws-sdk/client-s3";
import type { User } from "../../auth0/user.ts";
import { systemClock } from "../../lib/clock.ts";
import type { Progress } from "../../lib/progress.ts";
import { isOwnObject } from "../../policy/picture-url.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import type { ConfigValues } from "../../stack/config-keys.ts";
import { imageBaseUrl } from "../../stack/picture-settings.ts";
import { probePictureUrl } from "../image/probe-picture-url.ts";
import { nextLogin } from "../people/next-login.ts";
import { listBucketFiles, type BucketFiles } from "../storage/bucket-files.ts";
import { countFinding, countUser, noCounts, type AuditCounts } from "./audit-counts.ts";
import { findFaults, shownAddress, type Finding } from "../people/finding.ts";
import {
  createPictureList,
  probeOwnPictures,
  type ListedPicture,
  type ProbeSettings,
} from "./probe-own-pictures.ts";

export interface AuditTask {
  readonly users: AsyncIterable<User>;
  /** How much of the users is read, from 0 to 1, where that is known. */
  readonly share?: () => number | undefined;
  /** What takes long before the first user comes, for people. */
  readonly waitingFor?: string;
  readonly settings: PictureSettings;
  /** Where the stack's bucket is. */
  readonly config: Pick<ConfigValues, "imageBucket" | "awsRegion" | "imageBaseUrl">;
  /** Whether, and how, to fetch own pictures. */
  readonly probe?: Pick<ProbeSettings, "probe" | "clock">;
  /** To look for the files of own pictures and of copies in the bucket; it is closed at the end. */
  readonly s3?: S3Client;
  /** Addresses that end before are findings. */
  readonly now: Date;
  /** Every finding, as soon as it is known. */
  readonly onFinding: (finding: Finding) => void;
  readonly progress: Progress;
}

export interface Audit {
  readonly counts: AuditCounts;
  /** How many addresses were looked behind; null where none was meant to be. */
  readonly probed: number | null;
  /** How many files there are; null if the bucket was not listed. */
  readonly files: number | null;
}

/** Fetches a URL as `pictures set` does, with a shorter time limit. */
export const networkProbe: Pick<ProbeSettings, "probe" | "clock"> = {
  probe: (url) => probePictureUrl(url, { timeoutMs: 10_000 }),
  clock: systemClock,
};

const probeLimits = { atATime: 16, perHost: 2, waiting: 1000 };

/**
 * Looks at every user. Memory does not grow with them, but for ten bytes for each address probed and each file in the
 * bucket.
 *
 * @throws ExpectedError what `users` throws, or `picture-store-…`.
 */
export async function auditUsers(task: AuditTask): Promise<Audit> {
  const { progress, probe } = task;
  const counts = noCounts();
  const onFinding = (finding: Finding) => {
    countFinding(counts, finding);
    task.onFinding(finding);
  };
  const toProbe = probe === undefined ? undefined : createPictureList();
  try {
    const files = await checkUsers({ ...task, onFinding }, counts, (shown) => {
      if (shown.picture === "own") toProbe?.add(shown);
    });
    let probed: number | null = null;
    if (probe !== undefined && toProbe !== undefined) {
      progress.phase("Fetching own pictures", toProbe.length());
      const onLooked = () => progress.advance();
      probed = await probeOwnPictures(toProbe, { ...probeLimits, ...probe, onFinding, onLooked });
    }
    return { counts, probed, files };
  } finally {
    toProbe?.close();
    progress.clear();
    task.s3?.destroy();
  }
}

/**
 * @param onPresent Told each own picture and copy that logins show, but for those whose file is missing.
 * @returns how many files the bucket has; null if it was not listed.
 */
async function checkUsers(
  task: AuditTask,
  counts: AuditCounts,
  onPresent: (shown: ListedPicture) => void,
): Promise<number | null> {
  const { s3 } = task;
  if (s3 === undefined) {
    await checkEach(task, counts, onPresent);
    return null;
  }
  const atFirst = await bucketFiles(s3, task);
  const missing = createPictureList();
  try {
    await checkEach(task, counts, (shown) =>
      isMissing(shown, task, atFirst) ? missing.add(shown) : onPresent(shown),
    );
    if (missing.length() === 0) return atFirst.count;
    // The export takes minutes, in which users give themselves pictures: what came since is there now.
    const files = await bucketFiles(s3, task);
    for (const shown of missing.read()) {
      if (isMissing(shown, task, files)) task.onFinding(missingFile(shown));
      else onPresent(shown);
    }
    return files.count;
  } finally {
    missing.close();
  }
}

async function bucketFiles(s3: S3Client, { config, progress }: AuditTask): Promise<BucketFiles> {
  progress.phase("Listing files");
  const { imageBucket: bucket, awsRegion: region } = config;
  // A valid configuration always has one.
  const location = { bucket, region, baseUrl: imageBaseUrl(config) ?? "" };
  return listBucketFiles(s3, location, (count) => progress.advance(count));
}

/** How many users there are between two guesses of how many there will be. */
const guessEvery = 1000;

async function checkEach(
  { users, waitingFor, share, settings, now, onFinding, progress }: AuditTask,
  counts: AuditCounts,
  onPicture: (shown: ListedPicture) => void,
): Promise<void> {
  if (waitingFor !== undefined) progress.phase(waitingFor);
  for await (const user of users) {
    if (counts.users === 0) progress.phase("Checking users");
    const decision = nextLogin(user, settings);
    countUser(counts, user, decision, settings);
    for (const finding of findFaults(user, decision, settings, now)) onFinding(finding);
    const { reason, picture: url } = decision;
    // What a login shows, where that is a picture of the user's own or our copy of one.
    const picture = reason === "user" ? "own" : reason === "copy" ? "copy" : undefined;
    if (picture !== undefined && url !== null) onPicture({ userId: user.user_id, url, picture });
    if (counts.users % guessEvery === 0) progress.expect(guessedTotal(counts.users, share?.()));
    progress.advance();
  }
}

function isMissing(
  { url }: ListedPicture,
  { settings }: Pick<AuditTask, "settings">,
  files: BucketFiles,
): boolean {
  return isOwnObject({ href: url }, settings) && files.isMissing(url);
}

function missingFile({ userId, url, picture }: ListedPicture): Finding {
  return { userId, kind: `${picture}-file-missing`, cause: null, address: shownAddress(url) };
}

function guessedTotal(done: number, share: number | undefined): number | undefined {
  return share === undefined || share === 0 ? undefined : Math.round(done / share);
}
