import { disablesGravatar, readPath } from "../../policy/login.ts";
import { ownPictureUrl } from "../../policy/own-picture.ts";
import { hostNameOf, parseUrl } from "../../policy/picture-url.ts";
import type { Decision } from "../../policy/decide.ts";
import type { Reason } from "../../policy/verdict.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import { textAt, type User } from "../people/user.ts";
import type { Finding, FindingCause, FindingKind } from "./finding.ts";
import { shownAddress } from "./shown-address.ts";
import { createTally, type Tally } from "./tally.ts";

/** A user whom a report names, with what a login shows. */
export interface Example {
  readonly userId: string;
  /** As `shownAddress` gives it. */
  readonly picture: string | null;
}

export interface ReasonCount {
  users: number;
  readonly examples: Example[];
}

export interface FindingCount {
  readonly kind: FindingKind;
  readonly cause: FindingCause | null;
  users: number;
  readonly examples: Finding[];
}

export interface BlockedUser {
  readonly userId: string;
  /** ISO 8601, and why: where they were noted. */
  readonly at: string | null;
  readonly reason: string | null;
}

/** What an audit knows so far. It does not grow with the number of users. */
export interface AuditCounts {
  users: number;
  readonly reasons: Map<Reason, ReasonCount>;
  /** By kind and cause. */
  readonly findings: Map<string, FindingCount>;
  readonly blocked: BlockedUser[];
  /** Hosts of valid own pictures that are not in the stack's bucket. */
  readonly ownHosts: Tally;
  /** Hosts of original pictures that logins show. */
  readonly originalHosts: Tally;
}

/** Of how many hosts the counts are exact, and how many users are named in each place. */
export interface AuditLimits {
  readonly hosts: number;
  readonly examples: number;
}

export const auditLimits: AuditLimits = { hosts: 10_000, examples: 20 };

export function noCounts({ hosts }: AuditLimits = auditLimits): AuditCounts {
  return {
    users: 0,
    reasons: new Map(),
    findings: new Map(),
    blocked: [],
    ownHosts: createTally(hosts),
    originalHosts: createTally(hosts),
  };
}

/** Why a login shows the root picture, as it is or in another form. */
const showsRoot: ReadonlySet<Reason> = new Set<Reason>(["kept", "normalised", "gravatar-fallback"]);

export function countUser(
  counts: AuditCounts,
  user: User,
  decision: Decision,
  settings: PictureSettings,
  { examples }: AuditLimits = auditLimits,
): void {
  counts.users += 1;
  const { reason, picture } = decision;
  const group = counts.reasons.get(reason) ?? { users: 0, examples: [] };
  counts.reasons.set(reason, group);
  group.users += 1;
  if (group.examples.length < examples) {
    group.examples.push({ userId: user.user_id, picture: shownAddress(picture ?? "") });
  }
  if (reason === "blocked" && counts.blocked.length < examples) counts.blocked.push(blockedUser(user));
  const own = readPath(user, "user_metadata", "picture");
  const foreign = ownPictureUrl(own, settings, disablesGravatar({ user }));
  if (foreign !== undefined && !isInBucket(foreign, settings)) addHost(counts.ownHosts, foreign);
  if (picture !== null && showsRoot.has(reason)) addHost(counts.originalHosts, picture);
}

export function countFinding(
  counts: AuditCounts,
  finding: Finding,
  { examples }: AuditLimits = auditLimits,
): void {
  const { kind, cause } = finding;
  const name = `${kind} ${cause ?? ""}`;
  const group = counts.findings.get(name) ?? { kind, cause, users: 0, examples: [] };
  counts.findings.set(name, group);
  group.users += 1;
  if (group.examples.length < examples) group.examples.push(finding);
}

/** Whether a valid own picture is one of the stack's own objects. */
export function isInBucket(url: string, { allowedPrefixes }: PictureSettings): boolean {
  return allowedPrefixes.some((prefix) => url.startsWith(prefix));
}

function blockedUser(user: User): BlockedUser {
  const note = (name: string) => textAt(user, "app_metadata", "picture_block", name) ?? null;
  return { userId: user.user_id, at: note("at"), reason: note("reason") };
}

/** More characters than DNS allows are kept of nobody. */
function addHost(tally: Tally, address: string): void {
  const url = parseUrl(address);
  if (url !== undefined) tally.add(hostNameOf(url).slice(0, 253));
}
