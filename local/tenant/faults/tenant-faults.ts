import type { FaultRequest } from "./fault-plan.ts";
import { createFaultPlan } from "./fault-plan.ts";
import type { Fault, FaultKind, FaultRule } from "./fault-rule.ts";

export interface InjectedFault {
  kind: FaultKind;
  method: string;
  /** The route's pattern, such as `/api/v2/users/:id`. */
  route: string;
}

/** Faults on demand, for programs that hold the tenant. */
export interface TenantFaults {
  /** Replaces all rules and begins to count anew; the same seed repeats a run. The seed is 1 where it is left out. */
  set: (rules: readonly FaultRule[], seed?: number) => void;
  clear: () => void;
  rules: () => readonly FaultRule[];
  seed: () => number;
  /** What happened since the rules were set, oldest first; clearing them keeps it. */
  injected: () => readonly InjectedFault[];
}

export interface DecidingFaults extends TenantFaults {
  decide: (request: FaultRequest) => readonly Fault[];
}

export const defaultSeed = 1;

export function createTenantFaults(): DecidingFaults {
  let current: readonly FaultRule[] = [];
  let currentSeed = defaultSeed;
  let plan = createFaultPlan([], defaultSeed);
  let injected: InjectedFault[] = [];
  return {
    set: (rules, seed = defaultSeed) => {
      current = [...rules];
      currentSeed = seed;
      plan = createFaultPlan(current, seed);
      injected = [];
    },
    clear: () => {
      current = [];
      plan = createFaultPlan([], currentSeed);
    },
    rules: () => current,
    seed: () => currentSeed,
    injected: () => injected,
    decide: (request) => {
      const faults = plan.decide(request);
      const { method, route } = request;
      injected.push(...faults.map(({ kind }) => ({ kind, method, route })));
      return faults;
    },
  };
}
