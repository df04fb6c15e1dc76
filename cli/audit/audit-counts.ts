import { exportFields, flatFields, type FieldCounts } from "../../auth0/export-fields.ts";
import { primaryIdentity, textAt, type User } from "../../auth0/user.ts";
import { parseUrl } from "../../lib/url.ts";
import type { Decision } from "../../policy/decide.ts";
import { disablesGravatar, readPath } from "../../policy/login.ts";
import { ownPictureUrl } from "../../policy/own-picture.ts";
import { hostNameOf, isOwnObject } from "../../policy/picture-url.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import type { Reason } from "../../policy/verdict.ts";
import { shownAddress, type Finding, type FindingCause, type FindingKind } from "../people/finding.ts";
import { showsRoot } from "../people/shown-address.ts";

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
  /** How many users came with the fields that decide. */
  readonly fields: FieldCounts;
  /** The first names of fields that are flat, such as `user_metadata.picture`. */
  readonly flatFields: Set<string>;
  readonly reasons: Map<Reason, ReasonCount>;
  /** By the primary identity's connection and the reason, as `connectionOf` reads them. */
  readonly connections: Tally;
  /** By kind and cause. */
  readonly findings: Map<string, FindingCount>;
  readonly blocked: BlockedUser[];
  /** Hosts of valid own pictures that are not in the stack's bucket. */
  readonly ownHosts: Tally;
  /** Hosts of original pictures that logins show. */
  readonly originalHosts: Tally;
}

/** Of how many hosts, and of connections with their reasons, the counts are exact, and how many users are named in each place. */
export interface AuditLimits {
  readonly hosts: number;
  readonly examples: number;
}

export const auditLimits: AuditLimits = { hosts: 10_000, examples: 20 };

export function noCounts({ hosts }: AuditLimits = auditLimits): AuditCounts {
  return {
    users: 0,
    fields: { picture: 0, user_metadata: 0, app_metadata: 0, identities: 0 },
    flatFields: new Set(),
    reasons: new Map(),
    connections: createTally(hosts),
    findings: new Map(),
    blocked: [],
    ownHosts: createTally(hosts),
    originalHosts: createTally(hosts),
  };
}

export function countUser(
  counts: AuditCounts,
  user: User,
  decision: Decision,
  settings: PictureSettings,
  { examples }: AuditLimits = auditLimits,
): void {
  counts.users += 1;
  countFields(counts, user);
  const { reason, picture } = decision;
  const group = counts.reasons.get(reason) ?? { users: 0, examples: [] };
  counts.reasons.set(reason, group);
  group.users += 1;
  if (group.examples.length < examples) {
    group.examples.push({ userId: user.user_id, picture: shownAddress(picture ?? "") });
  }
  counts.connections.add(JSON.stringify([primaryIdentity(user).connection, reason]));
  if (reason === "blocked" && counts.blocked.length < examples) counts.blocked.push(blockedUser(user));
  const own = readPath(user, "user_metadata", "picture");
  const foreign = ownPictureUrl(own, settings, disablesGravatar({ user }));
  if (foreign !== undefined && !isOwnObject({ href: foreign }, settings)) addHost(counts.ownHosts, foreign);
  if (picture !== null && showsRoot.has(reason)) addHost(counts.originalHosts, picture);
}

/** Reads a name of `connections`; null for a user without one. */
export function connectionOf(name: string): { readonly connection: string | null; readonly reason: Reason } {
  const [connection, reason] = JSON.parse(name) as [string, Reason];
  return { connection: connection === "" ? null : connection, reason };
}

const mostFlatFields = 5;

function countFields({ fields, flatFields: flat }: AuditCounts, user: User): void {
  for (const field of exportFields) if (user[field] !== undefined) fields[field] += 1;
  for (const name of flatFields(user)) if (flat.size < mostFlatFields) flat.add(name);
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

function blockedUser(user: User): BlockedUser {
  const note = (name: string) => textAt(user, "app_metadata", "picture_block", name) ?? null;
  return { userId: user.user_id, at: note("at"), reason: note("reason") };
}

/** Of longer host names only as many characters as DNS allows are kept. */
function addHost(tally: Tally, address: string): void {
  const url = parseUrl(address);
  if (url !== undefined) tally.add(hostNameOf(url).slice(0, 253));
}

/** How often each of many names came, in bounded memory: by Misra and Gries ("Finding repeated elements", 1982). */
export interface Tally {
  readonly add: (name: string) => void;
  /** The commonest names, most first. */
  readonly top: (most: number) => readonly Counted[];
  /** How many times any name came. */
  readonly total: () => number;
  /** By how much a count may be too low; 0 as long as there were not too many different names. */
  readonly missed: () => number;
}

interface Counted {
  readonly name: string;
  readonly count: number;
}

/** @param capacity Of how many different names the counts are exact. */
export function createTally(capacity: number): Tally {
  const counts = new Map<string, number>();
  let total = 0;
  let missed = 0;
  const makeRoom = () => {
    missed += 1;
    for (const [name, count] of counts) {
      if (count === 1) counts.delete(name);
      else counts.set(name, count - 1);
    }
  };
  return {
    add: (name) => {
      total += 1;
      const count = counts.get(name);
      if (count !== undefined) counts.set(name, count + 1);
      else if (counts.size < capacity) counts.set(name, 1);
      else makeRoom();
    },
    top: (most) =>
      [...counts]
        .map(([name, count]) => ({ name, count }))
        .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
        .slice(0, most),
    total: () => total,
    missed: () => missed,
  };
}
