/**
 * One of two commands that meet at a tenant, in a process and with a state folder of its own: it shares no lock with the
 * other. It stays for the next meeting, so that only the first one pays for the start. Pauses pass faster than elsewhere.
 */
import { Readable } from "node:stream";
import timers from "node:timers/promises";
import { applyFile } from "../../../../cli/bulk/apply-file.ts";
import { bulkLimits } from "../../../../cli/bulk/bulk-run.ts";
import { undoRun } from "../../../../cli/bulk/undo-run.ts";
import type { CommandReport } from "../../../../cli/command.ts";
import { requestAccess } from "../../../../auth0/management-token.ts";
import { blockUser } from "../../../../cli/people/block-user.ts";
import type { People } from "../../../../cli/people/people.ts";
import { ExpectedError } from "../../../../lib/errors.ts";
import { createProgress } from "../../../../lib/progress.ts";
import { peopleOf } from "../../people/people-of.ts";

/** What a process is to do; up to `oneByOne` users are written by PATCH. */
export type PlayerTask =
  | { readonly kind: "apply"; readonly lines: readonly object[]; readonly oneByOne: number }
  | { readonly kind: "undo"; readonly run: string; readonly oneByOne: number }
  | { readonly kind: "block"; readonly user: string; readonly reason: string };

export interface PlayerOrder {
  readonly task: PlayerTask;
  readonly stateHome: string;
}

/** How a command ended: with a report, or with an error. */
export type PlayerEnd = CommandReport | { readonly error: string; readonly message: string };

const [name = "", domain = "", clientId = "", clientSecret = ""] = process.argv.slice(2);

/** The header by which the tenant's gate knows whose a request is. */
export const playerHeader = "x-player";

function signRequests(): void {
  const send = globalThis.fetch;
  globalThis.fetch = (input, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set(playerHeader, name);
    return send(input, { ...init, headers });
  };
}

function hurry(): void {
  const { setTimeout: sleep } = timers;
  Object.assign(timers, {
    setTimeout: (ms: number, ...rest: unknown[]) => sleep(Math.min(ms, 10), ...(rest as [unknown])),
  });
}

function carriedOut(people: People, task: PlayerTask): Promise<CommandReport> {
  const { kind } = task;
  if (kind === "block") return blockUser(people, task.user, { reason: task.reason, probe: false, yes: true });
  const run = {
    yes: true,
    report: undefined,
    limits: { ...bulkLimits, oneByOne: task.oneByOne },
    progress: createProgress({}, { write: () => undefined }),
  };
  if (kind === "undo") return undoRun(people, task.run, run);
  const input = Readable.from(task.lines.map((line) => `${JSON.stringify(line)}\n`));
  return applyFile(people, { ...run, input, format: "ndjson", probe: false });
}

async function play({ task, stateHome }: PlayerOrder, token: string): Promise<PlayerEnd> {
  try {
    return await carriedOut(await peopleOf(domain, token, { XDG_STATE_HOME: stateHome }), task);
  } catch (error) {
    const { message } = error as Error;
    return { error: error instanceof ExpectedError ? error.code : "bug", message };
  }
}

async function main(): Promise<void> {
  signRequests();
  hurry();
  const { accessToken } = await requestAccess({ domain, clientAuth: { clientId, clientSecret } });
  process.on("message", (order: PlayerOrder) => {
    void play(order, accessToken).then((end) => process.send?.(end));
  });
  process.once("disconnect", () => process.exit());
  process.send?.("ready");
}

if (require.main === module) void main();
