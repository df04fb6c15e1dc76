import { decideOwnPicture } from "../../policy/own-picture.ts";
import { decideRootPicture } from "../../policy/root-picture.ts";
import { batchOutcomes, frame, requestKinds, type BatchOutcome } from "../../sandbox/frames.ts";
import {
  specialReasons,
  type BatchCounts,
  type BrokenLine,
  type ComparisonSetup,
  type Example,
  type FlowSettings,
  type Group,
  type Outcome,
} from "./comparison.ts";
import { createExampleSample, isInShard } from "./example-sample.ts";
import type { LineBatch } from "./line-batches.ts";
import { readExportedUser, userEvents, type ExportedUser } from "./login-events.ts";

/** A batch of users that was read: what both flows are asked, and what is needed of the users to compare the answers. */
export interface ReadBatch {
  readonly lines: number;
  /** A frame for the sandbox's processes. */
  readonly request: Buffer;
  readonly users: readonly ReadUser[];
}

interface ReadUser {
  readonly userId: string;
  readonly connection: string;
  readonly has: FieldFlags;
  /** What an application shows where no claim is set. */
  readonly rootPicture: string | null;
  readonly old: Expectation;
  readonly new: Expectation;
}

interface FieldFlags {
  readonly identities: boolean;
  readonly user_metadata: boolean;
  readonly app_metadata: boolean;
}

/** What the policy of this checkout says that a flow does. */
interface Expectation {
  readonly reason: string;
  /** Null: none is set. */
  readonly claim: string | null;
}

/**
 * Reads batches of lines, and makes of each what the flows are asked. All that is counted stays in this process, out of reach of the
 * code that is compared.
 */
export function createBatchReader(setup: ComparisonSetup): (batch: LineBatch) => ReadBatch | BrokenLine {
  const userEvent = userEvents();
  const sameSettings = JSON.stringify(setup.old.settings) === JSON.stringify(setup.new.settings);
  return ({ buffer, length }) => {
    const users: ReadUser[] = [];
    const request = createBatchRequest();
    // Once for all lines: they are cut out of the text, which costs nothing.
    const text = buffer.toString("utf8", 0, length);
    let lines = 0;
    for (let start = 0; start < text.length;) {
      const found = text.indexOf("\n", start);
      const end = found === -1 ? text.length : found;
      const line = text.slice(start, end).trim();
      start = end + 1;
      lines += 1;
      if (line === "") continue;
      let user: ExportedUser;
      try {
        user = readExportedUser(line);
      } catch (error) {
        return { brokenLine: lines, why: error instanceof Error ? error.message : String(error) };
      }
      if (setup.shard !== undefined && !isInShard(user.userId, setup.shard)) continue;
      const { event, circumstances, logins, user: userJson, connection } = userEvent(user);
      const expectedOld = expectation(event, setup.old.settings);
      users.push({
        userId: user.userId,
        connection,
        has: fieldFlags(user),
        rootPicture: shownText(user.profile["picture"]),
        old: expectedOld,
        new: sameSettings ? expectedOld : expectation(event, setup.new.settings),
      });
      request.add(circumstances, logins, userJson);
    }
    return { lines, request: request.end(), users };
  };
}

/** Writes the frame of a batch, whose users are JSON already. */
function createBatchRequest() {
  const circumstances = new Map<string, number>();
  let logins = "";
  return {
    add: (circumstance: string, count: number, user: string): void => {
      let index = circumstances.get(circumstance);
      if (index === undefined) circumstances.set(circumstance, (index = circumstances.size));
      logins += `${logins === "" ? "" : ","}[${index},${count},${user}]`;
    },
    end: (): Buffer =>
      frame(
        requestKinds.batch,
        `{"circumstances":${JSON.stringify([...circumstances.keys()])},"logins":[${logins}]}`,
      ),
  };
}

/** Counts what both flows came to, batch after batch. */
export function createBatchCounter(setup: ComparisonSetup) {
  const sample = createExampleSample(setup.sample);
  return (
    { lines, users }: ReadBatch,
    before: readonly BatchOutcome[],
    after: readonly BatchOutcome[],
  ): BatchCounts => {
    const tally = createTally();
    for (const [index, user] of users.entries()) {
      const example = {
        userId: user.userId,
        connection: user.connection,
        old: explainOutcome(before[index], user, user.old),
        new: explainOutcome(after[index], user, user.new),
      };
      const changed = isChanged(example);
      tally.add(user.has, example, changed);
      if (!changed) continue;
      if (sample.add(example)) tally.examples.push(example);
      if (setup.listChanged) tally.changedIds.push(example.userId);
    }
    const { groups, fields, examples, changedIds } = tally;
    return { lines, fields, groups: [...groups.values()], examples, changedIds };
  };
}

/** Another picture, or a login that fails in one of the two only. */
function isChanged({ old: before, new: after }: Example): boolean {
  return before.picture !== after.picture || fails(before) !== fails(after);
}

function fails({ reason }: Outcome): boolean {
  return reason === specialReasons.fails;
}

/** A batch's counts while they grow. */
function createTally() {
  const groups = new Map<string, { -readonly [Key in keyof Group]: Group[Key] }>();
  const fields = { identities: 0, user_metadata: 0, app_metadata: 0 };
  const examples: Example[] = [];
  const changedIds: string[] = [];
  const add = (has: FieldFlags, { old: before, new: after, connection }: Example, changed: boolean) => {
    const key = `${before.reason}\n${after.reason}\n${connection}`;
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, {
        old: before.reason,
        new: after.reason,
        connection,
        users: 1,
        changed: changed ? 1 : 0,
      });
    } else {
      group.users += 1;
      if (changed) group.changed += 1;
    }
    if (has.identities) fields.identities += 1;
    if (has.user_metadata) fields.user_metadata += 1;
    if (has.app_metadata) fields.app_metadata += 1;
  };
  return { groups, fields, examples, changedIds, add };
}

function fieldFlags({ profile }: ExportedUser): FieldFlags {
  return {
    identities: profile["identities"] !== undefined,
    user_metadata: profile["user_metadata"] !== undefined,
    app_metadata: profile["app_metadata"] !== undefined,
  };
}

/**
 * The code sets a claim and gives no reason: it is what `policy/` decides with the settings in the code's header. The event
 * is a login that asks for the profile, in an application that does not opt out.
 */
function expectation(event: object, { own, root }: FlowSettings): Expectation {
  if (own === null || root === null) return { reason: specialReasons.unknown, claim: null };
  const verdict = own && decideOwnPicture(event, own);
  if (verdict) return verdict;
  return root ? decideRootPicture(event, root) : { reason: specialReasons.none, claim: null };
}

/** What a login shows, with the expected reason where the code did what is expected. */
function explainOutcome(
  outcome: BatchOutcome | undefined,
  { rootPicture }: ReadUser,
  expected: Expectation,
): Outcome {
  if (outcome === undefined || outcome === batchOutcomes.threw || outcome === batchOutcomes.denied) {
    return { reason: specialReasons.fails, picture: null };
  }
  const claim = outcome === batchOutcomes.unset ? null : outcome[0];
  const isExpected = expected.reason === specialReasons.unknown || claim === expected.claim;
  return {
    reason: isExpected ? expected.reason : specialReasons.other,
    picture: outcome === batchOutcomes.unset ? rootPicture : shownClaim(claim),
  };
}

/** A claim of another type is one that an application cannot show; two of them may still differ. */
function shownClaim(claim: unknown): string | null {
  return typeof claim === "string" || claim === null ? claim : JSON.stringify(claim);
}

function shownText(picture: unknown): string | null {
  return typeof picture === "string" ? picture : null;
}
