import assert from "node:assert/strict";

/**
 * What somebody wrote who wants a terminal to show something else: a title, a line taken away and the cursor put into the one
 * above, a line that looks like one of ours, the same by C1, an overwritten line, and changes of direction.
 */
export const hostile =
  "zz\u001b]0;OWNED\u0007\u001b[2K\u001b[1A\nFORGED: all is well.\r\u009b2J\u0085\u202egnp\u2066\u200f\u061c\u2028\u0000x";

/** Nothing that a terminal obeys, and no line that only the hostile text began. */
export function assertPrintable(printed: string, what: string): void {
  const controls = printed.match(/[^\P{Cc}\n\t]|[\p{Bidi_Control}\p{Zl}\p{Zp}\p{Cs}]/gu) ?? [];
  assert.deepEqual(
    controls.map((character) => JSON.stringify(character)),
    [],
    `${what}\n${JSON.stringify(printed)}`,
  );
  assert.doesNotMatch(printed, /^FORGED/m, `${what}\n${printed}`);
}
