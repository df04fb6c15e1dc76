import { isUnknown } from "../../grpc/property-map.ts";
import type { Findings } from "../resource-type.ts";
import type { Binding, BoundAction } from "./binding.ts";

/** Auth0's limit for one flow. */
const mostBound = 20;

/**
 * What the user should know before the flow is written, or is not changed.
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
    const reason = `${text}: no Action of that name is bound to the flow. These are bound: ${otherNames(flow, ids)}`;
    return { problems: [{ property: "position", reason }] };
  }
  if (planned.length > mostBound) {
    const reason = `the flow would have ${planned.length} Actions; Auth0 allows at most ${mostBound}. Unbind some of them first`;
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

/** Foreign Actions moved, which is not our drift; but the configured position no longer holds. */
function displacement(
  result: readonly PlacedAction[],
  planned: readonly PlacedAction[],
  text: string,
): string[] {
  const ids = (flow: readonly PlacedAction[]) => flow.map(({ id }) => id);
  if (isSameSequence(ids(result), ids(planned))) return [];
  const order = (flow: readonly PlacedAction[]) => flow.map(({ name }) => name).join(", ");
  return [
    `The flow runs ${order(result)}; position ${text} means ${order(planned)}. Other Actions were moved or added, so this is not ` +
      "changed. Move them in the dashboard, or set another position.",
  ];
}

function overruling(result: readonly PlacedAction[]): string[] {
  const first = result.findIndex(({ ours }) => ours);
  const after = result.slice(first + 1).filter(({ ours }) => !ours);
  if (first === -1 || after.length === 0) return [];
  const names = after.map(({ name }) => name).join(", ");
  return [`These run after our Actions: ${names}. What they set, such as the picture claim, overrides ours.`];
}

/** An entry of a flow that is to be written. */
interface PlacedAction extends BoundAction {
  /** The Action's own name, which people find it under. */
  readonly name: string;
  /** Whether it is one of ours. */
  readonly ours: boolean;
}

interface Placement {
  readonly ours: readonly BoundAction[];
  /** Ids of Actions that were ours and no longer are to be bound. */
  readonly retired?: readonly string[];
  readonly position: Position;
}

/**
 * The flow with our Actions together, in our order, at their position, and everybody else's in theirs.
 *
 * @returns undefined where the Action that the position names is not bound.
 */
export function placeActions(flow: readonly Binding[], placement: Placement): PlacedAction[] | undefined {
  const { ours, retired = [], position } = placement;
  const others = othersOf(flow, [...ours.map(({ id }) => id), ...retired]);
  const index = indexAmong(others, position);
  if (index === undefined) return undefined;
  const placed = ours.map(({ id, displayName }) => {
    const name = flow.find(({ action }) => action.id === id)?.action.name ?? displayName;
    return { id, displayName, name, ours: true };
  });
  return [...others.slice(0, index), ...placed, ...others.slice(index)];
}

/** The flow without the Actions of the ids. */
export function othersOf(flow: readonly Binding[], ids: readonly string[]): PlacedAction[] {
  return flow
    .filter(({ action }) => !ids.includes(action.id))
    .map(({ displayName, action: { id, name } }) => ({ id, name, displayName, ours: false }));
}

function indexAmong(others: readonly PlacedAction[], position: Position): number | undefined {
  if (position.at === "first") return 0;
  if (position.at === "last") return others.length;
  const anchor = others.findIndex(({ name }) => name === position.name);
  if (anchor === -1) return undefined;
  return position.at === "before" ? anchor : anchor + 1;
}

/** Where our Actions stand among those of others. */
export type Position =
  | { readonly at: "first" }
  | { readonly at: "last" }
  /** Right before or right after the Action of that name. */
  | { readonly at: "before" | "after"; readonly name: string };

/** Reads `first`, `last`, `before:NAME` or `after:NAME`; undefined for anything else. */
export function parsePosition(text: string): Position | undefined {
  if (text === "first" || text === "last") return { at: text };
  const match = /^(before|after):(.+)$/s.exec(text);
  const [, at, name] = match ?? [];
  if (name === undefined || (at !== "before" && at !== "after")) return undefined;
  return { at, name };
}
