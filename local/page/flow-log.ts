import type { FlowResult } from "../../sandbox/flow.ts";

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
