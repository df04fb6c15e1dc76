import assert from "node:assert/strict";
import { decodeText } from "../../lib/text-encoding.ts";

describe("the text of a small file", () => {
  const text = '{"name":"Zoë 😀"}\n';
  const utf16 = (content: string) => Buffer.from(content, "utf16le");

  for (const [what, bytes] of [
    ["UTF-8", Buffer.from(text)],
    ["UTF-8 after marks", Buffer.from(`\uFEFF\uFEFF${text}`)],
    ["UTF-16 after a mark", utf16(`\uFEFF${text}`)],
    ["UTF-16", utf16(text)],
    ["big-endian UTF-16 after a mark", utf16(`\uFEFF${text}`).swap16()],
    ["big-endian UTF-16", utf16(text).swap16()],
  ] as const) {
    it(`is read from ${what}`, () => {
      assert.equal(decodeText(bytes), text);
    });
  }

  it("may be nothing, a byte, or a mark alone", () => {
    for (const bytes of [[], [0xef, 0xbb, 0xbf], [0xff, 0xfe], [0xfe, 0xff]]) {
      assert.equal(decodeText(Buffer.from(bytes)), "");
    }
    assert.equal(decodeText(Buffer.from("1")), "1");
  });

  it("may begin with a character beyond ASCII in UTF-16", () => {
    assert.equal(decodeText(utf16("“user”")), "“user”");
    assert.equal(decodeText(utf16("“user”").swap16()), "“user”");
  });

  for (const [what, bytes, message] of [
    ["Latin-1", Buffer.from("one\ntwo é\n", "latin1"), /^line 2 is not UTF-8; it looks like Latin-1/],
    ["windows-1252", Buffer.from("\x93one\x94\n", "latin1"), /^line 1 .*windows-1252.*iconv -f WINDOWS-1252/],
    ["no text", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x1a]), /^line 1 .*no text at all/],
    ["UTF-8 cut off", Buffer.from("one\né").subarray(0, -1), /^line 2 breaks off in the middle of a char/],
    ["UTF-16 cut off", utf16(`${text}x`).subarray(0, -1), /^line 2 breaks off in the middle of a char/],
    [
      "half a pair in UTF-16",
      utf16(`${text}\uD83Dx`),
      /^line 2 is not UTF-16LE: it holds half of a character/,
    ],
    ["half a pair at the end", utf16(`${text}\uD83D`).swap16(), /^line 2 breaks off in the middle of a char/],
    ["UTF-32", Buffer.from("fffe00007b000000", "hex"), /^line 1 is UTF-32LE\. Convert.*iconv -f UTF-32LE/],
    ["big-endian UTF-32", Buffer.from("0000feff0000007b", "hex"), /^line 1 is UTF-32BE/],
  ] as const) {
    it(`is refused with the line: ${what}`, () => {
      assert.throws(() => decodeText(bytes), { message });
    });
  }
});
