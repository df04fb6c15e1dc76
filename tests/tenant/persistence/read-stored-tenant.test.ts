import assert from "node:assert/strict";
import * as fc from "fast-check";
import { decodeState, encodeState } from "../../../tenant/persistence/read-stored-tenant.ts";

const throughJson = (value: unknown): unknown => decodeState(JSON.parse(JSON.stringify(encodeState(value))));

/** Keys as people might choose them to be taken for tags, among any others. */
const key = fc.oneof(fc.constantFrom("$map", "$set", "$$map", "$", "__proto__"), fc.string());
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 1.5, -3),
    fc.string(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4 }),
    fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }).map((entries) => new Map(entries)),
    fc.uniqueArray(fc.string(), { maxLength: 4 }).map((items) => new Set(items)),
  ),
}));

describe("encodeState", () => {
  it("comes back from JSON as it was, whatever metadata looks like", () => {
    fc.assert(
      fc.property(value, (original) => {
        // Prototypes of dictionaries differ, which nothing depends on.
        assert.deepEqual(plain(throughJson(original)), plain(original));
      }),
    );
  });
});

function plain(original: unknown): unknown {
  if (original instanceof Map)
    return new Map([...(original as Map<unknown, unknown>)].map(([name, entry]) => [name, plain(entry)]));
  if (original instanceof Set) return original;
  if (Array.isArray(original)) return original.map(plain);
  if (typeof original !== "object" || original === null) return original;
  return Object.fromEntries(Object.entries(original).map(([name, entry]) => [name, plain(entry)]));
}
