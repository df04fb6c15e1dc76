import assert from "node:assert/strict";
import fc from "fast-check";
import { readActionOutcome } from "../../sandbox/action-outcome.ts";

const claim = { kind: "idToken.setCustomClaim", name: "picture", value: "x" };

function read(value: unknown): unknown {
  return readActionOutcome(Buffer.from(typeof value === "string" ? value : JSON.stringify(value)));
}

function nested(depth: number): string {
  return `{"effects":[{"kind":"user.setUserMetadata","name":"a","value":${"[".repeat(depth)}${"]".repeat(depth)}}],"console":[]}`;
}

describe("readActionOutcome()", () => {
  const none: [string, unknown][] = [
    ["no text", ""],
    ["what is not JSON", "{effects:[]}"],
    ["null", "null"],
    ["a list", []],
    ["no effects", { console: [] }],
    ["no console", { effects: [] }],
    ["effects that only have a length", { effects: { length: 1 }, console: [] }],
    ["too many effects", { effects: Array(10_001).fill(claim), console: [] }],
    ["an effect that is null", { effects: [null], console: [] }],
    ["an effect of an unknown kind", { effects: [{ ...claim, kind: "user.delete" }], console: [] }],
    ["an effect of a kind that every object has", { effects: [{ ...claim, kind: "toString" }], console: [] }],
    ["an effect without a name", { effects: [{ ...claim, name: "" }], console: [] }],
    ["an effect whose name is no text", { effects: [{ ...claim, name: ["picture"] }], console: [] }],
    ["a value that is nested too deep", nested(201)],
    ["a value that no stack would hold", nested(1_000_000)],
    ["too many lines", { effects: [], console: Array(101).fill("") }],
    ["a line that is too long", { effects: [], console: ["x".repeat(1001)] }],
    ["a line that is no text", { effects: [], console: [1] }],
    ["a reason that is no text", { effects: [], console: [], denied: {} }],
    ["an error that is null", { effects: [], console: [], error: null }],
    ["an error that is too long", { effects: [], console: [], error: "x".repeat(10_001) }],
    ["what stands in __proto__ only", '{"__proto__":{"effects":[],"console":[]}}'],
  ];
  for (const [what, value] of none) {
    it(`does not take ${what}`, () => {
      assert.equal(read(value), undefined);
    });
  }

  it("takes what an Action did, and no other field", () => {
    const effects = [claim, { kind: "accessToken.addScope", name: "a" }, { ...claim, value: null }];
    const outcome = { effects, console: ["a"], denied: "", error: "b" };
    assert.deepEqual(
      read({ ...outcome, effects: [{ ...claim, action: "Other" }, ...effects.slice(1)], secrets: 1 }),
      outcome,
    );
  });

  it("takes a value as deep as people write them, and can write it again", () => {
    const outcome = read(nested(200));
    assert.deepEqual(JSON.parse(JSON.stringify(outcome)), outcome);
  });

  it("takes a claim of the name __proto__ as a text like any other", () => {
    const outcome = read(
      '{"effects":[{"kind":"idToken.setCustomClaim","name":"__proto__","value":{"a":1}}],"console":[]}',
    );
    assert.deepEqual(outcome, {
      effects: [{ kind: claim.kind, name: "__proto__", value: { a: 1 } }],
      console: [],
    });
    assert.equal(({} as { a?: number }).a, undefined);
  });

  it("neither throws nor takes anything it would not give, whatever the bytes are", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string(), fc.uint8Array()), (content) => {
        const outcome = readActionOutcome(Buffer.from(content as string));
        if (outcome !== undefined) assert.deepEqual(read(outcome), outcome);
      }),
    );
  });
});
