import { terminalLines, type TerminalText } from "../../lib/terminal-text.ts";
import { isEmptyPlan, type Plan } from "./make-plan.ts";
import type { ProgramResource } from "./program-resources.ts";

/** The plan for people. */
export function describePlan(plan: Plan, nothing: string): TerminalText {
  const lines = [
    ...plan.locks.map(
      ({ pid, user, host, since }) =>
        `  clear   the lock of a run that is gone (pid ${pid} of ${user} on ${host}, since ${since})`,
    ),
    ...plan.pendingOperations.map(
      ({ type, urn }) => `  clear   the unfinished operation in the state: ${type} ${shortUrn(urn)}`,
    ),
    ...plan.imports.map(
      ({ resource, candidate: { what, because } }) =>
        `  import  ${what} as ${shortName(resource)}: ${because}`,
    ),
    ...plan.removals.map(
      ({ candidate: { what, because } }) => `  REMOVE  ${what}, which is not in the state: ${because}`,
    ),
    ...plan.finishes.map(({ resource, why }) => `  deploy  ${shortName(resource)}: ${why}`),
  ];
  return terminalLines([...(isEmptyPlan(plan) ? [nothing] : ["Plan:", ...lines]), ...describeUnclear(plan)]);
}

function describeUnclear({ unclear }: Plan): string[] {
  const listed = (isOurs: boolean) =>
    unclear
      .filter((candidate) => candidate.isOurs === isOurs)
      .map(({ what, because, refusal }) => `  - ${what}: ${refusal ?? because}`);
  return [
    ...between(
      (isOne) =>
        isOne
          ? "This has the name of one of our resources, but it is not proven that it is ours. It is left alone:"
          : "These have the names of resources of ours, but it is not proven that they are ours. They are left alone:",
      listed(false),
      "If this stack should manage one, `pictures adopt` takes it over. If it is not needed, remove it manually.",
    ),
    ...between(
      (isOne) =>
        isOne
          ? "This is ours, but the state has another one in its place, which is probably gone. It is left alone:"
          : "These are ours, but the state has others in their place, which are probably gone. They are left alone:",
      listed(true),
      "Run `pulumi refresh`, so that the state forgets what is gone, then this again.",
    ),
  ];
}

function between(first: (isOne: boolean) => string, lines: readonly string[], last: string): string[] {
  return lines.length === 0 ? [] : [first(lines.length === 1), ...lines, last];
}

/** The plan for programs. */
export function planAsJson(plan: Plan): object {
  return {
    locks: plan.locks,
    pendingOperations: plan.pendingOperations,
    imports: plan.imports.map(({ resource, candidate }) => ({
      urn: resource.urn,
      id: candidate.id,
      because: candidate.because,
    })),
    removals: plan.removals.map(({ kind, candidate }) => ({
      type: kind.type,
      id: candidate.id,
      because: candidate.because,
    })),
    finishes: plan.finishes.map(({ resource, id, why }) => ({ urn: resource.urn, id, because: why })),
    unclear: plan.unclear.map(({ id, what, because, isOurs }) => ({ id, what, because, isOurs })),
  };
}

function shortName({ type, name }: ProgramResource): string {
  return `${type.split(":").at(-1) ?? type} ${name}`;
}

function shortUrn(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  return `${types.split(":").at(-1) ?? types} ${name.join("::")}`;
}
