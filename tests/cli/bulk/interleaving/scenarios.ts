import { isDeepStrictEqual } from "node:util";
import { nextLogin } from "../../../../cli/people/next-login.ts";
import type { Tenant } from "../../../../tenant/create-tenant.ts";
import { settings } from "../../people/people-of.ts";
import type { Call, Player } from "./gate.ts";
import type { PlayerEnd, PlayerTask } from "./player-process.ts";
import type { Meeting, MeetingStage } from "./stage.ts";

/** A bulk command and a block that meet at one user. */
export interface Scenario {
  readonly name: string;
  /** Whether the user is blocked before. */
  readonly isBlocked: boolean;
  /** Of `pictures apply`; where `isUndo` is true it is done before, and taken back when they meet. */
  readonly lines: readonly Line[];
  readonly isUndo: boolean;
  /** See `PlayerTask`. */
  readonly oneByOne: number;
}

interface Line {
  readonly user: string;
  readonly action: string;
  readonly url?: string;
  readonly reason?: string;
}

/** The user whom both commands are about. */
const target = "auth0|target";
const old = "https://img.acme.com/users/old.png";
const now = "https://img.acme.com/users/new.png";
const picture = { action: "set", url: now } as const;
/** What is done to the user, and a picture of somebody else. */
const beside = (line: Omit<Line, "user">): Line[] => [
  { user: "auth0|a", ...picture },
  { user: target, ...line },
];

export const scenarios: readonly Scenario[] = [
  {
    name: "apply sets pictures by import and by PATCH",
    isBlocked: false,
    isUndo: false,
    lines: [...beside(picture), { user: "auth0|b", ...picture }, { user: "google-oauth2|c", ...picture }],
    oneByOne: 0,
  },
  {
    name: "apply sets the picture by PATCH",
    isBlocked: false,
    isUndo: false,
    lines: beside(picture),
    oneByOne: 200,
  },
  {
    name: "apply clears the picture of a user who is blocked already",
    isBlocked: true,
    isUndo: false,
    lines: beside({ action: "clear" }),
    oneByOne: 0,
  },
  {
    name: "apply lifts an earlier block",
    isBlocked: true,
    isUndo: false,
    lines: beside({ action: "unblock" }),
    oneByOne: 200,
  },
  {
    name: "undo takes back the picture",
    isBlocked: false,
    isUndo: true,
    lines: beside(picture),
    oneByOne: 0,
  },
  {
    name: "undo takes back an earlier block",
    isBlocked: false,
    isUndo: true,
    lines: beside({ action: "block", reason: "case 1" }),
    oneByOne: 200,
  },
];

const block: PlayerTask = { kind: "block", user: target, reason: "case 2" };

/** How many requests `pictures block` makes: it reads the user, and again, writes, and reads what it wrote. */
export const requestsOfBlock = 4;

/** The bulk command's requests where nobody else is at work. */
export async function callsAlone(stage: MeetingStage, scenario: Scenario): Promise<readonly Call[]> {
  const tasks = { bulk: await prepared(stage, scenario), block: undefined };
  return (await stage.meet(tasks, [], scenario.isUndo)).calls;
}

/** What does not hold after the two met in this order; empty where all does. */
export async function meetInOrder(
  stage: MeetingStage,
  scenario: Scenario,
  order: readonly Player[],
): Promise<string[]> {
  const tasks = { bulk: await prepared(stage, scenario), block };
  const meeting = await stage.meet(tasks, order, scenario.isUndo);
  const wrong = [
    ...wrongOthers(stage.tenant, scenario),
    ...(isRefused(meeting.ends.block) ? [] : wrongBlock(stage.tenant, scenario, meeting)),
  ];
  if (wrong.length === 0) return [];
  const calls = meeting.calls.map(({ player, what }) => `  ${player}: ${what}`);
  return [`${scenario.name}: ${wrong.join("; ")}, after`, ...calls, JSON.stringify(meeting.ends, null, 1)];
}

/** Puts the users there as they are before. */
async function prepared(stage: MeetingStage, scenario: Scenario): Promise<PlayerTask> {
  const { isBlocked, isUndo, lines, oneByOne } = scenario;
  const block = {
    picture_blocked: true,
    picture_block: { reason: "case 0", at: "2026-01-01T00:00:00Z", by: "x" },
  };
  for (const { user } of lines) {
    stage.tenant.users.create({
      user_id: user,
      email: `${user.slice(-1)}@acme.com`,
      email_verified: true,
      user_metadata: { theme: "dark", picture: old },
      app_metadata: { plan: "pro", ...(isBlocked && user === target ? block : {}) },
    });
  }
  const apply: PlayerTask = { kind: "apply", lines, oneByOne };
  if (!isUndo) return apply;
  const { ends } = await stage.meet({ bulk: apply, block: undefined }, []);
  return { kind: "undo", run: (jsonOf(ends.bulk) as { run: string }).run, oneByOne };
}

function jsonOf(end: PlayerEnd): unknown {
  if ("error" in end) throw new Error(`${end.error}: ${end.message}`);
  return end.json;
}

/** A block that says that it was not set, since the user's block was changed before it was asked to write, is not lost. */
function isRefused(end: PlayerEnd): boolean {
  return "error" in end && end.error === "changed-meanwhile";
}

function wrongOthers({ users }: Tenant, { lines, isUndo }: Scenario): string[] {
  const expected = { theme: "dark", picture: isUndo ? old : now };
  return lines
    .filter(({ user }) => user !== target && !isDeepStrictEqual(users.get(user)?.user_metadata, expected))
    .map(({ user }) => `${user} has another picture`);
}

function wrongBlock({ users }: Tenant, scenario: Scenario, { calls, ends }: Meeting): string[] {
  const user = users.get(target);
  if (user === undefined) return ["the user is gone"];
  const wrong: string[] = [];
  const check = (holds: boolean, what: string) => {
    if (!holds) wrong.push(what);
  };
  const { reason, picture } = nextLogin(user, settings);
  check(
    reason === "blocked" && picture === settings.defaultUrl,
    `a login shows ${String(picture)} (${reason})`,
  );
  check(user.app_metadata?.["plan"] === "pro", "the plan is lost");
  check(!("error" in ends.block) && (ends.block.exitCode ?? 0) === 0, "block did not say that it is done");
  check("text" in ends.bulk, "the bulk command ended with an error");
  if (!("text" in ends.bulk)) return wrong;
  const { text, exitCode } = ends.bulk;
  const isSeen = calls.findIndex(isWrite) < calls.findLastIndex((call) => readsTarget(call));
  if (isSeen) check(says(scenario, text) && exitCode === 2, "the bulk command says nothing of the block");
  return wrong;
}

function isWrite({ player, what }: Call): boolean {
  return player === "block" && what.startsWith("PATCH");
}

/** What shows the bulk command the user. */
function readsTarget({ player, what }: Call): boolean {
  const isRead =
    what.startsWith("POST /api/v2/jobs/users-exports") || what.startsWith("GET /api/v2/users/auth0%7Ctarget");
  return player === "bulk" && isRead;
}

/** An undo that finds another block than the run's own leaves it as one that was changed since. */
function says({ isUndo }: Scenario, text: string): boolean {
  const stands =
    text.includes("blocked while this ran; the block stands") &&
    /auth0\|target: .*the block stands/.test(text);
  return stands || (isUndo && text.includes("auth0|target: The picture was changed after the run"));
}
