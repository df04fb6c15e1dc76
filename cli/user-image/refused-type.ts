/** What files of other types are, for people: the first bytes, and what to say about them. */
const refused: readonly { readonly matches: RegExp; readonly why: string }[] = [
  {
    matches: /^(\u00ef\u00bb\u00bf)?\s*<(\?xml|svg|!DOCTYPE svg|!--)/i,
    why: "is SVG or XML, which can hold script",
  },
  { matches: /^(\u00ef\u00bb\u00bf)?\s*</, why: "is a web page, not an image" },
  { matches: /^....ftyp(avi[fs])/s, why: "is an AVIF image" },
  { matches: /^....ftyp/s, why: "is a HEIC image or a video" },
  { matches: /^(II\*\0|MM\0\*|II\+\0|MM\0\+)/, why: "is a TIFF or a camera's raw image" },
  { matches: /^BM/, why: "is a BMP image" },
  { matches: /^%PDF/, why: "is a PDF" },
];

/** Says what the bytes are that are none of our image types. */
export function describeRefused(bytes: Buffer): string {
  const head = bytes.toString("latin1", 0, 200);
  return refused.find(({ matches }) => matches.test(head))?.why ?? "is no image of a known type";
}
