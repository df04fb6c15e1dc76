import assert from "node:assert/strict";
import { findMistake } from "../../../cli/people/mistyped-address.ts";
import { checkPictureUrl } from "../../../cli/people/picture-fault.ts";
import { settings } from "./tenant-people.ts";

const a = "https://img.acme.com/a.png";
const b = "https://img.acme.com/b.png";

describe("an address that is probably not the one that was meant", () => {
  for (const [address, mistake, words] of [
    [`${a}\u200B`, "invisible-character", /U\+200B ZERO WIDTH SPACE \(character 27\)/],
    [`\uFEFF${a}`, "invisible-character", /U\+FEFF .*byte order mark/],
    ["https://img.ac\u00ADme.com/a.png", "invisible-character", /U\+00AD SOFT HYPHEN \(character 15\)/],
    [`\u202A${a}\u202C`, "invisible-character", /U\+202A LEFT-TO-RIGHT EMBEDDING/],
    [`${a}\u00A0`, "invisible-character", /U\+00A0 NO-BREAK SPACE/],
    ["https://img.acme.com/a\t.png", "invisible-character", /U\+0009 CHARACTER TABULATION/],
    ["https://img.acme.com/\na.png", "line-break", /U\+000A LINE FEED \(character 22\)/],
    ["https://img.acme.com/\u2028a.png", "line-break", /U\+2028 LINE SEPARATOR/],
    [`${a} ${b}`, "two-addresses", /the second one from character 28$/],
    [`${a}\n${b}`, "two-addresses", /character 28; U\+000A LINE FEED \(character 27\)/],
    [`${a}\r\n\r\n${b}`, "two-addresses", /U\+000D CARRIAGE RETURN/],
    [`${a}\u200B${b}`, "two-addresses", /U\+200B/],
    [`${a}${b}`, "two-addresses", /from character 27/],
    [`${a},${b}`, "two-addresses", /from character 28/],
    [`${a}; HTTP://img.acme.com/b.png`, "two-addresses", /from character 29/],
  ] as const) {
    it(`is refused and named: ${JSON.stringify(address)}`, () => {
      const found = findMistake(address);
      assert.equal(found?.mistake, mistake);
      assert.match(found.words, words);
      assert.throws(() => checkPictureUrl(address, settings), {
        code: "picture-url-not-allowed",
        message: /probably not the one that you mean: it holds/,
      });
    });
  }

  for (const address of [
    ` ${a}\r\n`,
    "https://img.acme.com/my picture.png",
    "https://img.acme.com/\u2764\uFE0F/\u{1F600}.png",
    "https://img.acme.com/%E2%80%8B.png",
    "https://images.weserv.nl/?url=https://img.acme.com/a.png",
    "https://i0.wp.com/https://img.acme.com/a.png",
    "https://res.cloudinary.com/demo/image/fetch/w_300,h_200/https://img.acme.com/a.png",
    "https://img.acme.com/a.png?from=b.png,https://img.acme.com/",
  ]) {
    it(`is not ${JSON.stringify(address)}`, () => {
      assert.equal(findMistake(address), undefined);
      assert.ok(checkPictureUrl(address, settings));
    });
  }
});
