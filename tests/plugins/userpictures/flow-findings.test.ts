import assert from "node:assert/strict";
import fc from "fast-check";
import {
  parsePosition,
  placeActions,
  type Position,
} from "../../../plugins/userpictures/flow/flow-findings.ts";

const ours = ["a", "b", "c"].map((id) => ({ id, displayName: `Ours ${id}` }));
const bound = (id: string) => ({
  displayName: `Shown ${id}`,
  action: { id, name: `name-${id}` },
  secrets: [],
});
const others = ["1", "2", "3", "4"];

/** Flows of some of ours and some of others' Actions, in any order. */
const flows = fc.shuffledSubarray([...others, "a", "b", "c", "retired"]).map((ids) => ids.map(bound));
const positions = fc.constantFrom<Position>(
  { at: "first" },
  { at: "last" },
  ...others.flatMap((id) => [
    { at: "before", name: `name-${id}` } as const,
    { at: "after", name: `name-${id}` } as const,
  ]),
);

describe("placing our Actions in a flow of others", () => {
  it("fails exactly where the Action that the position names is not bound", () => {
    fc.assert(
      fc.property(flows, positions, (flow, position) => {
        const isThere = !("name" in position) || flow.some(({ action }) => action.name === position.name);
        assert.equal(placeActions(flow, { ours, position }) !== undefined, isThere);
      }),
    );
  });

  it("keeps every other Action in its order with its display name, and ours together in ours", () => {
    fc.assert(
      fc.property(flows, positions, (flow, position) => {
        const placed = placeActions(flow, { ours, retired: ["retired"], position });
        if (placed === undefined) return;
        const before = flow.filter(({ action }) => others.includes(action.id));
        assert.deepEqual(
          placed.filter((entry) => !entry.ours).map(({ id, displayName }) => [id, displayName]),
          before.map(({ action, displayName }) => [action.id, displayName]),
        );
        const start = placed.findIndex((entry) => entry.ours);
        assert.deepEqual(
          placed.slice(start, start + ours.length).map(({ id, displayName }) => ({ id, displayName })),
          ours,
        );
        assert.equal(placed.length, before.length + ours.length);
        assert.equal(
          start,
          expectedStart(
            position,
            before.map(({ action }) => action.name),
          ),
        );
      }),
    );
  });

  it("changes nothing when it is done again", () => {
    fc.assert(
      fc.property(flows, positions, (flow, position) => {
        const once = placeActions(flow, { ours, position });
        if (once === undefined) return;
        const written = once.map(({ id, displayName, name }) => ({
          displayName,
          action: { id, name },
          secrets: [],
        }));
        assert.deepEqual(placeActions(written, { ours, position }), once);
      }),
    );
  });
});

function expectedStart(position: Position, names: readonly string[]): number {
  if (position.at === "first") return 0;
  if (position.at === "last") return names.length;
  return names.indexOf(position.name) + (position.at === "after" ? 1 : 0);
}

describe("a position", () => {
  it("is first, last, before:NAME or after:NAME, and nothing else", () => {
    for (const text of ["", "middle", "before:", "after", "First"])
      assert.equal(parsePosition(text), undefined);
    assert.deepEqual(parsePosition("last"), { at: "last" });
    assert.deepEqual(parsePosition("before:a: b"), { at: "before", name: "a: b" });
  });
});
