import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** Properties of a resource as the engine speaks of them: JSON, with assets and unknowns as told below. */
export type PropertyMap = Readonly<Record<string, unknown>>;

/** What stands for a value that only a deployment will know (sdk/go/common/resource/plugin/rpc.go of Pulumi). */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** The same for values whose type is known: boolean, number, list, asset, archive and object. */
const typedUnknowns = [
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];
const unknowns = new Set<unknown>([unknownValue, ...typedUnknowns]);

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const assetSignature = "c44067f5952c0a294b673a41bacd8c17";

/** A file or a text, with the hex SHA-256 of its bytes. The engine gives one of `path` and `text`. */
export interface Asset {
  readonly hash: string;
  readonly path?: string;
  readonly text?: string;
}

export function isUnknown(value: unknown): boolean {
  return unknowns.has(value);
}

/** Whether the value is unknown or holds something that is. */
export function hasUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isMap(value) ? Object.values(value).some(hasUnknown) : isUnknown(value);
}

export function isMap(value: unknown): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isAsset(value: unknown): value is PropertyMap & Asset {
  return isMap(value) && value[signatureKey] === assetSignature && typeof value["hash"] === "string";
}

/** Reads a message of the engine: without secrets' wrapping, without nulls. */
export function decodeProperties(struct: Struct | undefined): PropertyMap {
  const value = unwrap(struct?.toJavaScript() ?? {});
  return isMap(value) ? value : {};
}

/** Writes an answer to the engine. */
export function encodeProperties(properties: PropertyMap): Struct {
  return Struct.fromJavaScript(unwrap(properties) as Parameters<typeof Struct.fromJavaScript>[0]);
}

function unwrap(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrap);
  if (!isMap(value)) return value;
  if (value[signatureKey] === secretSignature) return unwrap(value["value"]);
  const entries = Object.entries(value).filter(([, member]) => member !== undefined && member !== null);
  return Object.fromEntries(entries.map(([name, member]) => [name, unwrap(member)]));
}

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
