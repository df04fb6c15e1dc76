import type { S3Client } from "@aws-sdk/client-s3";
import { imageBaseUrl } from "../../infra/picture-settings.ts";
import type { ConfigValues } from "../../infra/config-keys.ts";
import type { Decision } from "../../policy/decide.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import { systemClock } from "../discourse/clock.ts";
import { nextLogin } from "../people/next-login.ts";
import type { User } from "../people/user.ts";
import { probePictureUrl } from "../probe/probe-picture-url.ts";
import type { Progress } from "../progress.ts";
import { countFinding, countUser, isInBucket, noCounts, type AuditCounts } from "./audit-counts.ts";
import { listBucketFiles, type BucketFiles } from "./bucket-files.ts";
import { findFaults } from "./find-faults.ts";
import type { Finding } from "./finding.ts";
import { createPictureList, type ListedPicture, type PictureList } from "./picture-list.ts";
import { probeOwnPictures, type ProbeSettings } from "./probe-own-pictures.ts";
import { shownAddress } from "./shown-address.ts";

export interface AuditTask {
  readonly users: AsyncIterable<User>;
  /** How much of the users is read, from 0 to 1, where that is known. */
  readonly share?: () => number | undefined;
  /** What takes long before the first user comes, for people. */
  readonly waitingFor?: string;
  readonly settings: PictureSettings;
  /** Where the stack's bucket is. */
  readonly config: Pick<ConfigValues, "imageBucket" | "awsRegion" | "imageBaseUrl">;
  /** Whether, and how, to look behind own pictures. */
  readonly probe?: Pick<ProbeSettings, "probe" | "clock">;
  /** To look for own pictures' files in the bucket; it is closed at the end. */
  readonly s3?: S3Client;
  /** Every finding, as soon as it is known. */
  readonly onFinding: (finding: Finding) => void;
  readonly progress: Progress;
}

export interface Audit {
  readonly counts: AuditCounts;
  /** How many addresses were looked behind; null where none was meant to be. */
  readonly probed: number | null;
  /** How many files there are; null where nobody looked. */
  readonly files: number | null;
}

/** Looks behind an address as `pictures set` does, in less time. */
export const networkProbe: Pick<ProbeSettings, "probe" | "clock"> = {
  probe: (url) => probePictureUrl(url, { timeoutMs: 10_000 }),
  clock: systemClock,
};

const politeness = { atATime: 16, perHost: 2, waiting: 1000 };

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
  const list = probe === undefined ? undefined : createPictureList();
  try {
    const files = await bucketFiles(task);
    await checkUsers({ ...task, onFinding }, counts, files, list);
    let probed: number | null = null;
    if (probe !== undefined && list !== undefined) {
      progress.phase("Fetching own pictures", list.length());
      const onLooked = () => progress.advance();
      probed = await probeOwnPictures(list, { ...politeness, ...probe, onFinding, onLooked });
    }
    return { counts, probed, files: files?.count ?? null };
  } finally {
    list?.close();
    progress.clear();
    task.s3?.destroy();
  }
}

async function bucketFiles({ s3, config, progress }: AuditTask): Promise<BucketFiles | undefined> {
  if (s3 === undefined) return undefined;
  progress.phase("Listing files");
  const { imageBucket: bucket, awsRegion: region } = config;
  // A valid configuration always has one.
  const location = { bucket, region, baseUrl: imageBaseUrl(config) ?? "" };
  return listBucketFiles(s3, location, (count) => progress.advance(count));
}

/** How many users there are between two guesses of how many there will be. */
const guessEvery = 1000;

async function checkUsers(
  { users, waitingFor, share, settings, onFinding, progress }: AuditTask,
  counts: AuditCounts,
  files: BucketFiles | undefined,
  list: PictureList | undefined,
): Promise<void> {
  if (waitingFor !== undefined) progress.phase(waitingFor);
  for await (const user of users) {
    if (counts.users === 0) progress.phase("Checking users");
    const decision = nextLogin(user, settings);
    countUser(counts, user, decision, settings);
    for (const finding of findFaults(user, decision, settings)) onFinding(finding);
    const own = ownPicture(user, decision);
    if (own !== undefined && isMissing(own, settings, files)) {
      const { userId, url } = own;
      onFinding({ userId, kind: "own-file-missing", cause: null, address: shownAddress(url) });
    } else if (own !== undefined) list?.add(own);
    if (counts.users % guessEvery === 0) progress.expect(guessedTotal(counts.users, share?.()));
    progress.advance();
  }
}

/** What a login shows, where that is a picture of the user's own. */
function ownPicture(
  { user_id: userId }: User,
  { reason, picture: url }: Decision,
): ListedPicture | undefined {
  return reason === "user" && url !== null ? { userId, url } : undefined;
}

function isMissing(
  { url }: ListedPicture,
  settings: PictureSettings,
  files: BucketFiles | undefined,
): boolean {
  return isInBucket(url, settings) && files?.isMissing(url) === true;
}

function guessedTotal(done: number, share: number | undefined): number | undefined {
  return share === undefined || share === 0 ? undefined : Math.round(done / share);
}
