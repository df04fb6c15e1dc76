import assert from "node:assert/strict";
import { databaseUser, flowOf, impactOf, lines, ownAction } from "./impact-of.ts";

const users = Array.from({ length: 50 }, (_, id) => databaseUser(id));
const changes = `api.idToken.setCustomClaim("picture", "https://new.example/" + event.user.user_id);`;

/** Says other bytes than the sandbox's program would, once the batch is run. */
const saying = (text: string): string => `
  const { concat } = Buffer;
  Buffer.concat = () => {
    const content = Buffer.from(${text});
    const header = Buffer.alloc(5);
    header.writeUInt32LE(content.length, 0);
    header.writeUInt8(4, 4);
    return concat([header, content]);
  };`;

/** What new code does beside changing every picture. */
const attacks: [string, string][] = [
  [
    "changes what objects inherit",
    "Object.prototype.picture = 'x'; Object.prototype.denied = ''; Array.prototype[0] = 0;",
  ],
  ["replaces the language's JSON", "JSON.stringify = () => '[0]'; JSON.parse = () => ({});"],
  ["replaces methods of lists", "Array.prototype.push = () => 0; Array.prototype.every = () => false;"],
  ["replaces what promises are told by", "Promise.prototype.then = function () { return this; };"],
  [
    "replaces methods of texts and bytes",
    "Buffer.prototype.toString = () => '0 0 {}'; String.prototype.indexOf = () => 0;",
  ],
  ["replaces the Map of the process", "Map.prototype.get = () => ({ uses: 0, make: () => ({}) });"],
  ["says that nothing was set, for one user", saying(`"[0]"`)],
  ["says too many outcomes", saying(`JSON.stringify(Array(51).fill(0))`)],
  ["says outcomes that there are not", saying(`JSON.stringify(Array(50).fill(7))`)],
  [
    "says a nest without end",
    saying(`"[" + Array(50).fill("[" + "[".repeat(1e5) + "]".repeat(1e5) + "]").join() + "]"`),
  ],
];

describe("an impact of new code that", () => {
  for (const [what, attack] of attacks) {
    it(`${what} never tells of fewer changes than there are`, async () => {
      const flows = { old: flowOf([]), new: flowOf([ownAction(`${attack}\n${changes}`)]) };
      const result = await impactOf(flows, [lines(...users)]).then(
        ({ report }) => report.changed,
        (error: unknown) => (error as { code?: string }).code,
      );
      assert.ok(result === users.length || result === "impact-broke", String(result));
    });
  }

  it("leaves its marks everywhere does not change what the old code does", async () => {
    const body = `
      const found = [typeof left, {}.left, JSON.stringify({}), require("util").left].join();
      globalThis.left = 1; Object.prototype.left = 1; require("util").left = 1; JSON.stringify = () => "left";
      api.idToken.setCustomClaim("picture", found.includes("left") || found.includes("number") ? "left" : "clean");`;
    const old = flowOf([
      ownAction(
        `api.idToken.setCustomClaim("picture", [typeof left, {}.left, require("util").left].join() === "undefined,," ? "clean" : "left");`,
      ),
    ]);
    const { report } = await impactOf({ old, new: flowOf([ownAction(body)]) }, [lines(...users)]);
    // The new code finds its own marks, from the second login on; the old code finds none.
    assert.equal(report.changed, users.length - 1);
  });
});
