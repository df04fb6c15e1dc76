/** The types that every browser shows as a picture and that hold nothing but pixels and metadata. */
export type ImageType = "png" | "jpeg" | "gif" | "webp";

const magics: readonly { readonly type: ImageType; readonly matches: (head: Buffer) => boolean }[] = [
  { type: "png", matches: (head) => head.subarray(0, 8).equals(Buffer.from("89504e470d0a1a0a", "hex")) },
  { type: "jpeg", matches: (head) => head.subarray(0, 3).equals(Buffer.from("ffd8ff", "hex")) },
  { type: "gif", matches: (head) => /^GIF8[79]a/.test(head.toString("latin1", 0, 6)) },
  {
    type: "webp",
    matches: (head) => head.toString("latin1", 0, 4) === "RIFF" && head.toString("latin1", 8, 12) === "WEBP",
  },
];

/** How many bytes imageTypeOf looks at. */
export const magicLength = 12;

/** The type that the first bytes say; names and content types are only labels. Undefined where it is none of ours. */
export function imageTypeOf(head: Buffer): ImageType | undefined {
  return magics.find(({ matches }) => matches(head))?.type;
}
