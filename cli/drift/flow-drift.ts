import type { DriftFinding } from "./drift.ts";

/** Whether our Actions stand in their order in the Login flow; others' may stand anywhere between. */
export function flowDrift(stack: string, ours: readonly string[], bound: readonly string[]): DriftFinding[] {
  const found = bound.filter((name) => ours.includes(name));
  if (found.join() === ours.join()) return [];
  return [
    {
      code: "flow-order",
      resource: "Login flow",
      property: "actions",
      expected: ours.join(", "),
      found: found.join(", ") || "none of ours",
      mend: `pulumi up --refresh --stack ${stack}`,
    },
  ];
}
