import { isUnknown } from "../../grpc-provider/property-map.ts";
import type { Findings } from "../resource-type.ts";
import type { Binding, BoundAction } from "./binding.ts";
import { placeActions, type PlacedAction } from "./place-actions.ts";
import type { Position } from "./position.ts";

/** Auth0's limit for one flow. */
const mostBound = 20;

/**
 * What people should know before the flow is written, or is left alone.
 *
 * @param text The position, as it was written.
 */
export function flowFindings(
  flow: readonly Binding[],
  ours: readonly BoundAction[],
  position: Position,
  text: string,
): Findings {
  const ids = ours.map(({ id }) => id);
  if ("name" in position && isOneOf(flow, ours, position.name)) {
    const reason = `${text} names one of this project's own Actions. Name one of: ${otherNames(flow, ids)}`;
    return { problems: [{ property: "position", reason }] };
  }
  const planned = placeActions(flow, { ours, position });
  if (planned === undefined) {
    const reason = `${text}: no Action of that name is bound to the flow. Bound are: ${otherNames(flow, ids)}`;
    return { problems: [{ property: "position", reason }] };
  }
  if (planned.length > mostBound) {
    const reason = `the flow would hold ${planned.length} Actions; Auth0 takes at most ${mostBound}. Unbind some of them first`;
    return { problems: [{ property: "actions", reason }] };
  }
  // Where nothing is out of order nothing is written: then what is there counts.
  const stays = isSameSequence(orderOf(flow, ids), ids);
  const result = stays ? flow.map((binding) => asPlaced(binding, ids)) : planned;
  return { warnings: [...displacement(result, planned, text), ...overruling(result)] };
}

/** The ids of ours that are bound, in the flow's order. */
export function orderOf(flow: readonly Binding[], ids: readonly string[]): string[] {
  return flow.map(({ action }) => action.id).filter((id) => ids.includes(id));
}

/** Actions whose ids a preview does not know are taken for those of their names that the flow holds. */
export function withKnownIds(flow: readonly Binding[], actions: readonly BoundAction[]): BoundAction[] {
  return actions.map((action) => (isUnknown(action.id) ? found(flow, action) : action));
}

function found(flow: readonly Binding[], { id, displayName }: BoundAction): BoundAction {
  return { id: flow.find(({ action }) => action.name === displayName)?.action.id ?? id, displayName };
}

function isOneOf(flow: readonly Binding[], ours: readonly BoundAction[], name: string): boolean {
  const ids = ours.map(({ id }) => id);
  return flow.some(({ action }) => action.name === name && ids.includes(action.id));
}

function otherNames(flow: readonly Binding[], ids: readonly string[]): string {
  const others = flow.filter(({ action }) => !ids.includes(action.id));
  return others.length === 0 ? "none" : others.map(({ action }) => action.name).join(", ");
}

function isSameSequence(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

function asPlaced({ displayName, action: { id, name } }: Binding, ids: readonly string[]): PlacedAction {
  return { id, name, displayName, ours: ids.includes(id) };
}

/** Others moved, which is no drift of ours; but the position that was asked for no longer holds. */
function displacement(
  result: readonly PlacedAction[],
  planned: readonly PlacedAction[],
  text: string,
): string[] {
  const ids = (flow: readonly PlacedAction[]) => flow.map(({ id }) => id);
  if (isSameSequence(ids(result), ids(planned))) return [];
  const order = (flow: readonly PlacedAction[]) => flow.map(({ name }) => name).join(", ");
  return [
    `The flow runs ${order(result)}; position ${text} means ${order(planned)}. Others were moved or added, so this is left ` +
      "alone. Move them in the dashboard, or set another position.",
  ];
}

function overruling(result: readonly PlacedAction[]): string[] {
  const first = result.findIndex(({ ours }) => ours);
  const after = result.slice(first + 1).filter(({ ours }) => !ours);
  if (first === -1 || after.length === 0) return [];
  const names = after.map(({ name }) => name).join(", ");
  return [`After our Actions run ${names}: what they set, such as the picture claim, wins over ours.`];
}
