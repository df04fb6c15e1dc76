import type { UserSource } from "../../../auth0/users-file.ts";
import { readUsersText } from "../../../auth0/users-text.ts";
import type { Shard } from "../../../cli/impact/comparison.ts";
import { compareUsers } from "../../../cli/impact/compare-users.ts";
import { startFlowPairs } from "../../../cli/impact/flow-pairs.ts";
import { flowSetup, flowSummary, type FlowAction, type ImpactFlow } from "../../../cli/impact/impact-flow.ts";
import { createReport, type ImpactReport } from "../../../cli/impact/impact-report.ts";
import type { PictureSettings } from "../../../policy/settings.ts";
import { bundleActions } from "../../../stack/bundle-actions.ts";
import type { TimeLimit } from "../../../sandbox/frames.ts";
import { settingsWith } from "../../policy/settings.ts";

export interface ComparedFlows {
  readonly old: ImpactFlow;
  readonly new: ImpactFlow;
}

export interface Impact {
  readonly report: ImpactReport;
  readonly changedIds: readonly string[];
}

interface Options {
  readonly shard?: Shard;
  readonly sample?: number;
  readonly pairs?: number;
  readonly timeLimit?: TimeLimit;
  readonly silenceMs?: number;
}

export function flowOf(actions: readonly FlowAction[]): ImpactFlow {
  return { origin: { from: "program", stack: "dev" }, actions, isFromTenant: false };
}

/** Both Actions as they are deployed, with the policy's own defaults and what a test changes of them. */
export function flowWith(changes: Partial<PictureSettings> = {}): ImpactFlow {
  return flowOf(bundleActions(settingsWith(changes)));
}

/** An Action whose handler has this body. */
export function ownAction(body: string, name = "default-picture"): FlowAction {
  return { name, code: `exports.onExecutePostLogin = async (event, api) => {${body}};` };
}

/** Compares the flows over a file's content, given in pieces. */
export async function impactOf(
  flows: ComparedFlows,
  content: Iterable<string | Uint8Array>,
  { shard, sample = 5, pairs = 1, timeLimit, silenceMs }: Options = {},
): Promise<Impact> {
  const report = createReport({
    stack: "dev",
    old: flowSummary(flows.old),
    new: flowSummary(flows.new),
    ...(shard === undefined ? {} : { shard }),
    sample,
  });
  const changedIds: string[] = [];
  const setup = { old: flowSetup(flows.old), new: flowSetup(flows.new), shard, sample, listChanged: true };
  await compareUsers({
    setup,
    users: usersOf(content),
    pairs: startFlowPairs(setup, { timeLimit, silenceMs }, pairs),
    onBatch: (counts) => {
      report.add(counts);
      changedIds.push(...counts.changedIds);
    },
  });
  return { report: report.report(), changedIds };
}

function usersOf(content: Iterable<string | Uint8Array>): Pick<UserSource, "bytes" | "fault"> {
  const { lines: bytes, fault } = readUsersText("users.json", chunks(content));
  return { bytes, fault };
}

// eslint-disable-next-line @typescript-eslint/require-await -- a source is asynchronous, this one has nothing to wait for
async function* chunks(content: Iterable<string | Uint8Array>): AsyncGenerator<Uint8Array> {
  for (const piece of content) yield Buffer.from(piece as Uint8Array);
}

/** One line for each user. */
export function lines(...users: readonly unknown[]): string {
  return users.map((user) => `${JSON.stringify(user)}\n`).join("");
}

export interface SomeUser {
  readonly user_id: string;
  readonly picture?: unknown;
  readonly identities?: unknown;
  readonly user_metadata?: unknown;
  readonly app_metadata?: unknown;
}

/** A user of a database with everything that an export has. */
export function databaseUser(id: number, fields: Partial<SomeUser> = {}): SomeUser {
  return {
    user_id: `auth0|${id}`,
    picture: `https://s.gravatar.com/avatar/${id}?s=480`,
    identities: [{ user_id: String(id), connection: "Username-Password-Authentication", provider: "auth0" }],
    user_metadata: {},
    app_metadata: {},
    ...fields,
  };
}
