import type { Binding, BoundAction } from "./binding.ts";
import type { Position } from "./position.ts";

/** An entry of a flow that is to be written. */
export interface PlacedAction extends BoundAction {
  /** The Action's own name, which people find it under. */
  readonly name: string;
  /** Whether it is one of ours. */
  readonly ours: boolean;
}

export interface Placement {
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
