import { ExpectedError } from "../../lib/errors.ts";
import { parseUrl } from "../../lib/url.ts";
import { hostNameOf } from "../../policy/picture-url.ts";

/**
 * When an address ends by its own parameters: it was signed for a time. Undefined where it does not say so.
 *
 * Told by their parameters, since they are served by hosts of all names: Amazon S3 (signature versions 4 and 2) and what
 * speaks its protocol, Google Cloud Storage, CloudFront and Google's CDN, Azure's shared access signatures. Told by their
 * host: Facebook, Instagram, LinkedIn, Discord, TikTok.
 *
 * @param address Of a picture; any text.
 */
export function addressEnd(address: string): Date | undefined {
  // Most have no query: nothing is parsed.
  const url = address.includes("?") ? parseUrl(address.trim()) : undefined;
  if (url === undefined) return undefined;
  const read = reader(url);
  return signedEnd(read) ?? cloudFrontPolicyEnd(read) ?? hostEnd(hostNameOf(url), read);
}

/** A parameter by its name, in whatever case; undefined where it is not there, or empty. */
type Read = (name: string) => string | undefined;

function reader(url: URL): Read {
  const values = new Map<string, string>();
  for (const [name, value] of url.searchParams) {
    const key = name.toLowerCase();
    if (value !== "" && !values.has(key)) values.set(key, value);
  }
  return (name) => values.get(name.toLowerCase());
}

/**
 * By the signature: docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html (and RESTAuthentication.html for
 * version 2), cloud.google.com/storage/docs/authentication/signatures, and
 * learn.microsoft.com/rest/api/storageservices/create-service-sas.
 */
function signedEnd(read: Read): Date | undefined {
  for (const vendor of ["X-Amz", "X-Goog"]) {
    const [date, expires] = [read(`${vendor}-Date`), read(`${vendor}-Expires`)];
    const start = date === undefined ? undefined : basicTime(date);
    const seconds = expires === undefined ? undefined : digits(expires);
    if (start !== undefined && seconds !== undefined) return dateOf(start / 1000 + seconds);
  }
  const isSigned = read("Signature") !== undefined || read("Key-Pair-Id") !== undefined;
  if (isSigned && read("Expires") !== undefined) return secondsOf(read("Expires"));
  const end = read("se");
  return end !== undefined && read("sig") !== undefined ? isoTime(end) : undefined;
}

/** A policy has its end in base64, with other characters for those that a URL does not take. */
function cloudFrontPolicyEnd(read: Read): Date | undefined {
  const policy = read("Policy");
  if (policy === undefined || read("Signature") === undefined) return undefined;
  const base64 = policy.replace(/[-_~]/g, (character) => ({ "-": "+", _: "=", "~": "/" })[character] ?? "");
  const text = Buffer.from(base64, "base64").toString();
  return secondsOf(/"DateLessThan"\s*:\s*\{\s*"AWS:EpochTime"\s*:\s*(\d+)/.exec(text)?.[1]);
}

/** By the host: no company documents these, so that only what was seen of their addresses counts. */
const byHost: readonly {
  readonly host: RegExp;
  readonly name: string;
  readonly needs?: string;
  readonly base: 10 | 16;
}[] = [
  { host: /(^|\.)(fbsbx|facebook)\.com$/, name: "ext", base: 10 },
  { host: /(^|\.)(fbcdn\.net|cdninstagram\.com|fbsbx\.com)$/, name: "oe", base: 16 },
  { host: /(^|\.)licdn\.com$/, name: "e", base: 10 },
  { host: /(^|\.)(discordapp\.com|discordapp\.net)$/, name: "ex", needs: "hm", base: 16 },
  { host: /(^|\.)(tiktokcdn(-\w+)?\.com|tiktokcdn\.com)$/, name: "x-expires", base: 10 },
];

function hostEnd(host: string, read: Read): Date | undefined {
  for (const { name, needs, base, host: pattern } of byHost) {
    const value = read(name);
    if (value === undefined || !pattern.test(host) || (needs !== undefined && read(needs) === undefined))
      continue;
    const end = base === 16 ? hexadecimalOf(value) : secondsOf(value);
    if (end !== undefined) return end;
  }
  return undefined;
}

/** The last second that 32 bits hold, which stands for no end. */
const noEnd = 2 ** 31 - 1;

function secondsOf(text: string | undefined): Date | undefined {
  const seconds = text === undefined ? undefined : digits(text);
  return seconds === undefined || seconds >= noEnd ? undefined : dateOf(seconds);
}

function hexadecimalOf(text: string): Date | undefined {
  return /^[\da-f]{1,8}$/i.test(text) ? secondsOf(String(Number.parseInt(text, 16))) : undefined;
}

function digits(text: string): number | undefined {
  return /^\d{1,11}$/.test(text) ? Number(text) : undefined;
}

/** ISO 8601's basic format: `20250101T000000Z`. */
function basicTime(text: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  return isoTime(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)?.getTime();
}

/** ISO 8601 in UTC, with seconds, minutes or the day alone, as Azure takes it. */
function isoTime(text: string): Date | undefined {
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text)) return undefined;
  return dateOf(Date.parse(text) / 1000);
}

function dateOf(seconds: number): Date | undefined {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** For people, to the minute. */
export function describeEnd(end: Date): string {
  return `${end.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** Whether the end has come. */
export function isPast(end: Date, now: Date): boolean {
  return end.getTime() <= now.getTime();
}

/**
 * What people should know of an address that is about to be set.
 *
 * @throws ExpectedError `picture-url-ended` where its end has come.
 */
export function endNotes(url: string, now: Date): string[] {
  const end = addressEnd(url);
  if (end === undefined) return [];
  if (!isPast(end, now)) {
    return [
      `This URL ends on ${describeEnd(end)}, as its own parameters say: logins show a broken picture after that.`,
    ];
  }
  throw new ExpectedError("picture-url-ended", `${endedWords(end)}. ${endRemedy}`);
}

/** Of one whose end has come, in the middle of a sentence or at its start. */
export function endedWords(end: Date): string {
  return `This URL ended on ${describeEnd(end)}, as its own parameters say`;
}

const endRemedy = "Use a URL without an end, or --file, which stores the picture in the stack's bucket.";
