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
