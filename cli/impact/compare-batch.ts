import { batchLines } from "../../sandbox/batch-lines.ts";
import { batchOutcomes, type BatchOutcome } from "../../sandbox/frames.ts";
import {
  specialReasons,
  type BatchCounts,
  type BrokenLine,
  type ComparisonSetup,
  type Example,
  type Group,
} from "./comparison.ts";
import { createExampleSample } from "./example-sample.ts";
import type { Expectation } from "./expectations.ts";
import { noAnswer, type BothOutcomes } from "./flow-pair.ts";
import type { LineBatch } from "./line-batches.ts";
import { createUserReader, type ReadUser } from "./read-user.ts";

/**
 * Compares what both flows came to, batch after batch. Users are read only now: all that is counted stays in this process, out of reach
 * of the code that is compared, and nothing of a user is kept while the flows run.
 *
 * @throws ExpectedError `impact-broke` where there are more or fewer outcomes than users.
 */
export function createBatchCounter(
  setup: ComparisonSetup,
): (batch: LineBatch, outcomes: BothOutcomes) => BatchCounts | BrokenLine {
  const sample = createExampleSample(setup.sample);
  const read = createUserReader(setup);
  return ({ buffer, length }, { old: before, new: after }) => {
    const groups = createGroups();
    const fields = { identities: 0, user_metadata: 0, app_metadata: 0 };
    const examples: Example[] = [];
    const changedIds: string[] = [];
    const lines = batchLines(buffer.subarray(0, length));
    let index = 0;
    for (let line = lines.next(); line !== undefined; line = lines.next(), index += 1) {
      const user = read(line);
      if (user instanceof Error) return { brokenLine: lines.count(), why: user.message };
      const { profile, userId, connection } = user;
      // Objects are made of those only that change: most do not.
      const [oldReason, newReason] = [reasonOf(before[index], user.old), reasonOf(after[index], user.new)];
      const [oldPicture, newPicture] = [pictureOf(before[index], profile), pictureOf(after[index], profile)];
      if (profile["identities"] !== undefined) fields.identities += 1;
      if (profile["user_metadata"] !== undefined) fields.user_metadata += 1;
      if (profile["app_metadata"] !== undefined) fields.app_metadata += 1;
      const group = groups.of(oldReason, newReason, connection);
      group.users += 1;
      // Another picture, or a login that fails in one of the two only.
      if (oldPicture === newPicture && fails(before[index]) === fails(after[index])) continue;
      group.changed += 1;
      const example = {
        userId,
        connection,
        old: { reason: oldReason, picture: oldPicture },
        new: { reason: newReason, picture: newPicture },
      };
      if (sample.add(example)) examples.push(example);
      if (setup.listChanged) changedIds.push(userId);
    }
    if (before.length !== index || after.length !== index) throw noAnswer();
    return { lines: lines.count(), fields, groups: groups.all, examples, changedIds };
  };
}

type GrowingGroup = { -readonly [Key in keyof Group]: Group[Key] };

/** A batch's groups: by maps in maps, since to put three texts together for each user takes longer than to look them up. */
function createGroups(): {
  readonly all: readonly Group[];
  readonly of: (before: string, after: string, connection: string) => GrowingGroup;
} {
  const all: GrowingGroup[] = [];
  const kept = new Map<string, Map<string, Map<string, GrowingGroup>>>();
  return {
    all,
    of: (before, after, connection) => {
      const found = kept.get(before)?.get(after)?.get(connection);
      if (found !== undefined) return found;
      const made = { old: before, new: after, connection, users: 0, changed: 0 };
      all.push(made);
      const ofBefore = valueAt(kept, before, () => new Map<string, Map<string, GrowingGroup>>());
      valueAt(ofBefore, after, () => new Map<string, GrowingGroup>()).set(connection, made);
      return made;
    },
  };
}

function valueAt<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

function fails(outcome: BatchOutcome | undefined): boolean {
  return outcome === undefined || outcome === batchOutcomes.threw || outcome === batchOutcomes.denied;
}

/** The expected reason where the code did what is expected. */
function reasonOf(outcome: BatchOutcome | undefined, expected: Expectation): string {
  if (fails(outcome)) return specialReasons.fails;
  const isExpected = expected.reason === specialReasons.unknown || claimOf(outcome) === expected.claim;
  return isExpected ? expected.reason : specialReasons.other;
}

/** What a login shows. */
function pictureOf(outcome: BatchOutcome | undefined, profile: ReadUser["profile"]): string | null {
  if (fails(outcome)) return null;
  return outcome === batchOutcomes.unset ? shownText(profile["picture"]) : shownClaim(claimOf(outcome));
}

/** Null: none is set. */
function claimOf(outcome: BatchOutcome | undefined): unknown {
  return typeof outcome === "object" ? outcome[0] : null;
}

/** What an application shows where no claim is set. */
function shownText(picture: unknown): string | null {
  return typeof picture === "string" ? picture : null;
}

/** A claim of another type is one that an application cannot show; two of them may still differ. */
function shownClaim(claim: unknown): string | null {
  return typeof claim === "string" || claim === null ? claim : JSON.stringify(claim);
}
