import { readPath } from "../../../policy/login.ts";
import { decideOwnPicture } from "../../../policy/own-picture.ts";
import { decideRootPicture } from "../../../policy/root-picture.ts";
import { createWarmFlow, type WarmFlow, type WarmResult } from "../../../sandbox/child/warm-flow.ts";
import { createExampleSample, isInShard } from "../example-sample.ts";
import {
  specialReasons,
  type BatchAnswer,
  type ChildSetup,
  type Example,
  type FlowSettings,
  type Group,
  type Outcome,
} from "./messages.ts";
import { connectionName, readExportedUser, userEvents, type ExportedUser } from "./user-event.ts";

/** Runs a flow for one login; an implementation may stop a login that takes too long. */
export type RunFlow = (flow: WarmFlow, eventJson: string) => Promise<WarmResult>;

/** Compares the two flows for the users of a batch: lines of JSON. */
export type CompareBatch = (batch: Buffer) => Promise<BatchAnswer>;

const lineFeed = 10;

export function createCompareBatch(setup: ChildSetup, runFlow: RunFlow): CompareBatch {
  const compare = createCompareUser(setup, runFlow);
  const sample = createExampleSample(setup.sample);
  return async (batch) => {
    const tally = createTally();
    let lines = 0;
    for (let start = 0; start < batch.length;) {
      const found = batch.indexOf(lineFeed, start);
      const end = found === -1 ? batch.length : found;
      const line = batch.toString("utf8", start, end);
      start = end + 1;
      lines += 1;
      if (line.trim() === "") continue;
      let user: ExportedUser;
      try {
        user = readExportedUser(line);
      } catch (error) {
        return { brokenLine: lines, why: error instanceof Error ? error.message : String(error) };
      }
      if (setup.shard !== undefined && !isInShard(user.userId, setup.shard)) continue;
      const example = await compare(user);
      const changed = isChanged(example);
      tally.add(user, example, changed);
      if (!changed) continue;
      if (sample.add(example)) tally.examples.push(example);
      if (setup.listChanged) tally.changedIds.push(example.userId);
    }
    const { groups, fields, examples, changedIds } = tally;
    return { lines, fields, groups: [...groups.values()], examples, changedIds };
  };
}

function createCompareUser(setup: ChildSetup, runFlow: RunFlow): (user: ExportedUser) => Promise<Example> {
  const flows = { old: createWarmFlow(setup.old.actions), new: createWarmFlow(setup.new.actions) };
  const userEvent = userEvents();
  const sameSettings = JSON.stringify(setup.old.settings) === JSON.stringify(setup.new.settings);
  return async (user) => {
    const { event, json } = userEvent(user);
    const expectedOld = expectation(event, setup.old.settings);
    const expectedNew = sameSettings ? expectedOld : expectation(event, setup.new.settings);
    return {
      userId: user.userId,
      connection: connectionName(user),
      old: explainOutcome(await runFlow(flows.old, json), event, expectedOld),
      new: explainOutcome(await runFlow(flows.new, json), event, expectedNew),
    };
  };
}

/** Another picture, or a login that fails in one of the two only. */
function isChanged({ old: before, new: after }: Example): boolean {
  return before.picture !== after.picture || fails(before) !== fails(after);
}

function fails({ reason }: Outcome): boolean {
  return reason === "login fails";
}

/** A batch's counts while they grow. */
function createTally() {
  const groups = new Map<string, { -readonly [Key in keyof Group]: Group[Key] }>();
  const fields = { identities: 0, user_metadata: 0, app_metadata: 0 };
  const examples: Example[] = [];
  const changedIds: string[] = [];
  const add = (
    { profile }: ExportedUser,
    { old: before, new: after, connection }: Example,
    changed: boolean,
  ) => {
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
    if (profile["identities"] !== undefined) fields.identities += 1;
    if (profile["user_metadata"] !== undefined) fields.user_metadata += 1;
    if (profile["app_metadata"] !== undefined) fields.app_metadata += 1;
  };
  return { groups, fields, examples, changedIds, add };
}

/** What the policy of this checkout says that a flow does. */
interface Expectation {
  readonly reason: string;
  /** Null: none is set. */
  readonly claim: string | null;
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
function explainOutcome({ claims, fails }: WarmResult, event: object, expected: Expectation): Outcome {
  if (fails !== undefined) return { reason: specialReasons.fails, picture: null };
  const claim = claims.get("picture");
  const isExpected = expected.reason === specialReasons.unknown || (claim ?? null) === expected.claim;
  return {
    reason: isExpected ? expected.reason : specialReasons.other,
    picture: shownPicture(claim, event),
  };
}

/** The claim, or else the root picture. */
function shownPicture(claim: unknown, event: object): string | null {
  const shown = claim === undefined ? readPath(event, "user", "picture") : claim;
  if (typeof shown === "string") return shown;
  // A claim of another type is one that an application cannot show; two of them may still differ.
  return claim === undefined || claim === null ? null : JSON.stringify(claim);
}
