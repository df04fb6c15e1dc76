import { resultParts, type TimedRun } from "./run-result.ts";

export interface Tried {
  readonly stack: string;
  readonly action: string;
  /** By this program's policy. */
  readonly reason: string;
  readonly tenant: TimedRun;
  readonly local: TimedRun;
  /** The parts in which the two differ. */
  readonly differences: readonly string[];
  /** The names of temporary Actions of killed runs, now deleted. */
  readonly leftovers: readonly string[];
}

/** For people. */
export function describeTry({ action, reason, tenant, local, differences, leftovers }: Tried): string {
  const isEmpty = (value: unknown) => value === undefined || ["{}", "[]"].includes(JSON.stringify(value));
  const parts = resultParts.flatMap(([label, part]) => {
    const [there, here] = [tenant.result[part], local.result[part]];
    if (isEmpty(there) && isEmpty(here)) return [];
    return [`${label}:`, `  tenant  ${shown(there)}`, `  here    ${shown(here)}`];
  });
  return [
    `${action}: ${reason}`,
    ...(parts.length === 0 ? ["It asks for nothing: no claim, no output."] : parts),
    `duration: ${tenant.durationMs.toFixed(0)} ms in the tenant, with the request; ${local.durationMs.toFixed(1)} ms here`,
    differences.length === 0
      ? "Tenant and local run agree."
      : `Tenant and local run differ in: ${differences.join(", ")}.`,
    ...leftovers.map((name) => `Deleted ${name}, which a run that was killed had left.`),
  ].join("\n");
}

function shown(value: unknown): string {
  if (value === undefined) return "not said";
  if (Array.isArray(value)) return value.length === 0 ? "nothing" : value.join("\n          ");
  return typeof value === "string" ? value : JSON.stringify(value);
}
