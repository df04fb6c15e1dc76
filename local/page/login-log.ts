import { decide, type Decision } from "../../policy/decide.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import type { FlowResult } from "../../sandbox/flow.ts";
import type { TenantUsers } from "../../tenant/first-records.ts";
import type { UserProfile } from "../../tenant/state/user.ts";

export interface FinishedLogin {
  readonly userId: string;
  readonly at: Date;
  /** Of the ID token. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** What the policy said about the user at that moment. */
  readonly decision: Decision;
}

export interface RefusedLogin {
  readonly userId: string;
  readonly at: Date;
  /** Why, for people. */
  readonly refusal: string;
}

/** What the page knows of logins at its own application. */
export interface LoginLog {
  /** Adds a login that the tenant gave an ID token for; its user is the token's `sub`. */
  readonly finish: (claims: Readonly<Record<string, unknown>>) => void;
  readonly refuse: (userId: string, refusal: string) => void;
  /** The user's latest. */
  readonly of: (userId: string) => FinishedLogin | RefusedLogin | undefined;
  /** The latest that ended with an ID token. */
  readonly last: () => FinishedLogin | undefined;
  /** What the policy says about a login of the user as they are now. */
  readonly next: (user: UserProfile | undefined) => Decision;
}

export function createLoginLog(users: TenantUsers, settings: () => PictureSettings): LoginLog {
  const latest = new Map<string, FinishedLogin | RefusedLogin>();
  let last: FinishedLogin | undefined;
  const next = (user: UserProfile | undefined) => decide({ user }, settings());
  return {
    finish: (claims) => {
      const userId = String(claims["sub"]);
      last = { userId, at: new Date(), claims, decision: next(users.get(userId)) };
      latest.set(userId, last);
    },
    refuse: (userId, refusal) => {
      latest.set(userId, { userId, at: new Date(), refusal });
    },
    of: (userId) => latest.get(userId),
    last: () => last,
    next,
  };
}

/** A post-login flow that ended: of a login or of a refresh. */
export interface LoggedFlow {
  readonly at: Date;
  readonly result: FlowResult;
}

/** The latest flows of a tenant; {@link FlowLog.record} is made to be its `onFlow`. */
export interface FlowLog {
  readonly record: (result: FlowResult) => void;
  /** Newest first, at most 30. */
  readonly latest: () => readonly LoggedFlow[];
}

const most = 30;

export function createFlowLog(): FlowLog {
  let latest: readonly LoggedFlow[] = [];
  return {
    record: (result) => {
      latest = [{ at: new Date(), result }, ...latest].slice(0, most);
    },
    latest: () => latest,
  };
}
