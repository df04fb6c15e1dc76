import { isAsset, isMap, type PropertyMap } from "./property-map.ts";

export type ChangeKind = "add" | "delete" | "update";

/** One difference between two sets of inputs. */
export interface Change {
  /** The input that it belongs to. */
  readonly input: string;
  /** Where it is, in the engine's notation: `rule.objectOwnership`, `corsRules[0].allowedMethods[1]`. */
  readonly path: string;
  readonly kind: ChangeKind;
}

/** Says that two values of an input mean the same. */
export type SameMeaning = (before: unknown, after: unknown) => boolean;

/** The differences from the old inputs to the new ones, in the order of their paths. */
export function diffInputs(
  olds: PropertyMap,
  news: PropertyMap,
  sameMeaning: Readonly<Record<string, SameMeaning>> = {},
): Change[] {
  const inputs = [...new Set([...Object.keys(olds), ...Object.keys(news)])].sort();
  return inputs.flatMap((input) => {
    // The SDK and the engine keep notes for themselves under such names.
    if (input.startsWith("__")) return [];
    if (sameMeaning[input]?.(olds[input], news[input]) === true) return [];
    return changesAt(input, olds[input], news[input]).map((change) => ({ input, ...change }));
  });
}

/** Whether two values are the same; assets are when their contents are, wherever they lie. */
export function sameValue(before: unknown, after: unknown): boolean {
  return changesAt("", before, after).length === 0;
}

type ChangeAt = Omit<Change, "input">;

function changesAt(path: string, before: unknown, after: unknown): ChangeAt[] {
  if (before === undefined) return after === undefined ? [] : [{ path, kind: "add" }];
  if (after === undefined) return [{ path, kind: "delete" }];
  if (Array.isArray(before) && Array.isArray(after)) return changesInList(path, before, after);
  if (isMap(before) && isMap(after)) return changesInMap(path, before, after);
  return before === after ? [] : [{ path, kind: "update" }];
}

function changesInList(path: string, before: readonly unknown[], after: readonly unknown[]): ChangeAt[] {
  return Array.from({ length: Math.max(before.length, after.length) }, (_, index) =>
    changesAt(`${path}[${index}]`, before[index], after[index]),
  ).flat();
}

function changesInMap(path: string, before: PropertyMap, after: PropertyMap): ChangeAt[] {
  if (isAsset(before) || isAsset(after))
    return before["hash"] === after["hash"] ? [] : [{ path, kind: "update" }];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => changesAt(path + step(name), before[name], after[name]));
}

function step(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
