import { isJsonObject } from "../state/json.ts";
import type { TenantState } from "../state/tenant-state.ts";
import type { Fault } from "./fault-rule.ts";

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
