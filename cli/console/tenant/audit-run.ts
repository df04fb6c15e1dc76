import { exportUsers } from "../../../auth0/jobs.ts";
import { describeFailure, ExpectedError } from "../../../lib/errors.ts";
import type { Progress } from "../../../lib/progress.ts";
import { standardError } from "../../../lib/terminal-output.ts";
import { terminalBlock } from "../../../lib/terminal-text.ts";
import { auditReport, type AuditReport } from "../../audit/audit-report.ts";
import { auditUsers } from "../../audit/audit-users.ts";
import type { Finding } from "../../people/finding.ts";
import type { People } from "../../people/people.ts";

/** An audit that the console makes, one at a time. */
export interface AuditRun {
  readonly state: () => AuditState;
  /** What the last one that came to its end found. */
  readonly last: () => AuditResult | undefined;
  /** Does nothing while one is under way. */
  readonly start: (people: People) => void;
  /** Ends the one that is under way. */
  readonly stop: () => void;
}

export type AuditState =
  | { readonly kind: "idle" }
  | { readonly kind: "failed"; readonly code: string; readonly message: string }
  | AuditUnderWay;

export interface AuditUnderWay {
  readonly kind: "running";
  /** Such as "Checking users". */
  readonly phase: string;
  readonly done: number;
  /** Where it is known. */
  readonly total: number | undefined;
}

export interface AuditResult {
  readonly report: AuditReport;
  /** Who has a finding, by `findingName`: the first `mostPeople` of each. */
  readonly people: ReadonlyMap<string, readonly string[]>;
}

/** How many people a finding leads to: more than a person looks at one by one. */
export const mostPeople = 500;

export function findingName(kind: Finding["kind"], cause: Finding["cause"]): string {
  return cause === null ? kind : `${kind}.${cause}`;
}

export function createAuditRun(): AuditRun {
  let state: AuditState = { kind: "idle" };
  let last: AuditResult | undefined;
  let stopping = new AbortController();
  const tell = (change: Partial<AuditUnderWay>): void => {
    if (state.kind === "running") state = { ...state, ...change };
  };
  return {
    state: () => state,
    last: () => last,
    start: (people) => {
      if (state.kind === "running") return;
      state = { kind: "running", phase: "Waiting for Auth0's export", done: 0, total: undefined };
      stopping = new AbortController();
      audit(people, tell, stopping.signal).then(
        (result) => {
          [last, state] = [result, { kind: "idle" }];
        },
        (error: unknown) => {
          state = stopping.signal.aborted ? { kind: "idle" } : failed(error);
        },
      );
    },
    stop: () => {
      stopping.abort();
    },
  };
}

function failed(error: unknown): AuditState {
  if (error instanceof ExpectedError) return { kind: "failed", code: error.code, message: error.message };
  standardError.print(terminalBlock(describeFailure(error)));
  const message = "This is a bug in pictures console. The terminal that it was started in says more.";
  return { kind: "failed", code: "internal-error", message };
}

async function audit(
  { stack, access, settings, config, now }: People,
  tell: (change: Partial<AuditUnderWay>) => void,
  signal: AbortSignal,
): Promise<AuditResult> {
  const at = now();
  const people = new Map<string, string[]>();
  const onFinding = ({ kind, cause, userId }: Finding): void => {
    const name = findingName(kind, cause);
    const ids = people.get(name) ?? [];
    people.set(name, ids);
    if (ids.length < mostPeople) ids.push(userId);
  };
  let share: number | undefined;
  const onShare = (read: number): void => {
    share = read;
  };
  const users = exportUsers(access, { signal, onShare });
  const progress = toldProgress(tell);
  const audited = await auditUsers({
    users,
    share: () => share,
    settings,
    config,
    now: at,
    onFinding,
    progress,
  });
  return { report: auditReport({ stack, at: at.toISOString(), isFile: false }, audited), people };
}

function toldProgress(tell: (change: Partial<AuditUnderWay>) => void): Progress {
  let done = 0;
  return {
    phase: (phase, total) => {
      done = 0;
      tell({ phase, total, done });
    },
    expect: (total) => {
      tell({ total });
    },
    advance: (count = 1) => {
      done += count;
      tell({ done });
    },
    clear: () => undefined,
  };
}
