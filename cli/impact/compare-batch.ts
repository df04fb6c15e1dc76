import { batchOutcomes, type BatchOutcome } from "../../sandbox/frames.ts";
import {
  specialReasons,
  type BatchCounts,
  type ComparisonSetup,
  type Example,
  type Group,
  type Outcome,
} from "./comparison.ts";
import { createExampleSample } from "./example-sample.ts";
import type { Expectation } from "./expectations.ts";
import type { ReadBatch, ReadUser } from "./read-batch.ts";

/** Counts what both flows came to, batch after batch. */
export function createBatchCounter(setup: ComparisonSetup) {
  const sample = createExampleSample(setup.sample);
  return (
    { lines, users }: ReadBatch,
    before: readonly BatchOutcome[],
    after: readonly BatchOutcome[],
  ): BatchCounts => {
    const groups = createGroups();
    const fields = { identities: 0, user_metadata: 0, app_metadata: 0 };
    const examples: Example[] = [];
    const changedIds: string[] = [];
    for (const [index, user] of users.entries()) {
      const { userId, connection, has } = user;
      const outcomes = {
        old: explainOutcome(before[index], user, user.old),
        new: explainOutcome(after[index], user, user.new),
      };
      if (has.identities) fields.identities += 1;
      if (has.user_metadata) fields.user_metadata += 1;
      if (has.app_metadata) fields.app_metadata += 1;
      const group = groups.of(outcomes.old.reason, outcomes.new.reason, connection);
      group.users += 1;
      if (!isChanged(outcomes)) continue;
      group.changed += 1;
      const example = { userId, connection, ...outcomes };
      if (sample.add(example)) examples.push(example);
      if (setup.listChanged) changedIds.push(userId);
    }
    return { lines, fields, groups: groups.all, examples, changedIds };
  };
}

/** Another picture, or a login that fails in one of the two only. */
function isChanged({ old: before, new: after }: Pick<Example, "old" | "new">): boolean {
  return before.picture !== after.picture || fails(before) !== fails(after);
}

function fails({ reason }: Outcome): boolean {
  return reason === specialReasons.fails;
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
