import { createHash } from "node:crypto";
import { isJsonObject } from "../../lib/json.ts";
import type { TenantState } from "../state/tenant-state.ts";
import { defaultMs, defaultPath, type Fault, type FaultKind, type FaultRule } from "./fault-rule.ts";

export interface InjectedFault {
  kind: FaultKind;
  method: string;
  /** The route's pattern, such as `/api/v2/users/:id`. */
  route: string;
}

/** Faults on demand, for programs that hold the tenant. */
export interface TenantFaults {
  /** Replaces all rules and restarts the count; the same seed repeats a run. The default seed is 1. */
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

interface FaultRequest {
  method: string;
  /** Without the query. */
  path: string;
  /** The route's pattern, `/api/v2/users/:id`: ids differ from run to run, routes do not. */
  route: string;
}

/** Decides about one request after the other; the same seed and requests give the same faults. */
export interface FaultPlan {
  decide: (request: FaultRequest) => Fault[];
}

/** Kinds after which nothing else happens to a request. */
const endings = new Set<FaultKind>(["429", "500", "502", "503", "drop-before"]);

/**
 * The plan for a list of rules. Chance depends on the seed, the rule, the route and how many requests that route had, not
 * on what other routes are asked in between: so a run can be repeated though its requests overlap. Of one request's
 * faults the first that ends it is the last.
 */
export function createFaultPlan(rules: readonly FaultRule[], seed: number): FaultPlan {
  const matched = rules.map(() => 0);
  const happened = rules.map(() => 0);
  const patterns = rules.map(({ path = defaultPath }) => pathPattern(path));
  const asked = new Map<string, number>();

  const happens = (rule: FaultRule, index: number, draw: string): boolean => {
    const { probability = 1, skip = 0, times = Infinity } = rule;
    const position = matched[index] ?? 0;
    matched[index] = position + 1;
    const count = happened[index] ?? 0;
    if (position < skip || count >= times || chance(`${seed} ${index} ${draw}`) >= probability) return false;
    happened[index] = count + 1;
    return true;
  };
  return {
    decide: ({ method, path, route }) => {
      const key = `${method} ${route}`;
      const number = asked.get(key) ?? 0;
      asked.set(key, number + 1);
      const faults: Fault[] = [];
      for (const [index, rule] of rules.entries()) {
        const matches =
          (rule.method ?? method) === method &&
          patterns[index]?.test(path) === true &&
          concerns(rule.kind, method, route);
        if (!matches || !happens(rule, index, `${key} ${number}`)) continue;
        faults.push({ kind: rule.kind, ms: rule.ms ?? defaultMs[rule.kind] });
        if (endings.has(rule.kind)) break;
      }
      return faults;
    },
  };
}

/** Only the requests that a kind is about: only a read, for example, can be stale. */
function concerns(kind: FaultKind, method: string, route: string): boolean {
  if (kind === "slow-build" || kind === "failing-build") return startsBuild(method, route);
  if (kind === "failing-import") return method === "POST" && route === "/api/v2/jobs/users-imports";
  if (kind === "503") return method === "GET" && route === "/api/v2/users";
  if (kind === "kept-root-picture") return method === "PATCH" && route === "/api/v2/users/:id";
  return kind !== "stale-read" || method === "GET";
}

function pathPattern(path: string): RegExp {
  const parts = path.split("*").map((part) => part.replaceAll(/[\\^$.+?()[\]{}|]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`);
}

/** A number from 0 to below 1 that the text alone decides, evenly spread. */
function chance(text: string): number {
  return createHash("sha256").update(text).digest().readUIntBE(0, 6) / 2 ** 48;
}

const buildRoutes = new Set(["POST /api/v2/actions/actions", "PATCH /api/v2/actions/actions/:id"]);

/** Whether a request with this method and route's pattern starts the build of an Action's draft. */
export function startsBuild(method: string, route: string | undefined): boolean {
  return buildRoutes.has(`${method} ${route}`);
}

/** Slows or fails the build that a POST or PATCH of an Action started; `payload` is its answer. Without faults: as usual. */
export function changeBuild(state: TenantState, payload: string, faults: readonly Fault[]): void {
  const answer: unknown = JSON.parse(payload);
  const id = isJsonObject(answer) ? answer["id"] : undefined;
  const action = typeof id === "string" ? state.actions.get(id) : undefined;
  if (!action) return;
  const slow = faults.find(({ kind }) => kind === "slow-build");
  const fails = faults.some(({ kind }) => kind === "failing-build");
  if (slow) action.buildHeldUntil = Date.now() + slow.ms;
  else delete action.buildHeldUntil;
  if (fails) action.buildFails = true;
  else delete action.buildFails;
}
