import assert from "node:assert/strict";
import { figureNames } from "../../bench/bench-figures.ts";
import { compare, subjectsOf, type ComparisonPlan } from "../../bench/comparison.ts";
import { describeMachine, figuresReport } from "../../bench/figures.ts";
import { figuresTable, markdownTable } from "../../bench/table.ts";

const plans: readonly ComparisonPlan[] = [
  { name: "preview/empty", unit: "s", ours: "ours", against: "theirs" },
  { name: "calls", unit: "calls", ours: "ours", against: "theirs" },
];

const samples = new Map([
  ["ours", [{ s: 2 }, { s: 1 }, { s: 6 }]],
  ["theirs", [{ s: 4 }, { s: 4 }, { s: 5 }]],
]);

/** Names that other programs read; see the issue that asked for them. */
const stableNames = [
  "preview/empty-typescript",
  "preview/empty-javascript",
  "preview-refresh/terraform-plan",
  "drift/deploy-cli",
  "api-calls/no-change",
  "change-to-login",
  "rollback-to-login",
  "impact/100k",
  "impact/1m",
  "impact/peak-memory",
  "start/warm",
];

describe("the figures", () => {
  it("leave out what did not run or was not measured", () => {
    assert.deepEqual(compare(plans, new Map([["ours", [{ s: 1 }]]])), []);
    assert.deepEqual(
      compare(plans, samples).map(({ name }) => name),
      ["preview/empty"],
    );
  });

  it("have the names that programs read, each once", () => {
    assert.deepEqual(
      stableNames.filter((name) => !figureNames.includes(name)),
      [],
    );
    assert.equal(new Set(figureNames).size, figureNames.length);
  });

  it("are as JSON the machine, and of each figure its medians, their ratio and the runs, no more", () => {
    const machine = describeMachine();
    assert.deepEqual(figuresReport(machine, compare(plans, samples)), {
      machine,
      figures: [{ name: "preview/empty", value: 2, unit: "s", against: 4, ratio: 0.5, runs: 3 }],
    });
  });

  it("name as subjects everything that is compared", () => {
    assert.deepEqual([...subjectsOf(plans)], ["ours", "theirs"]);
  });

  it("are told with minimum, median and spread, for a terminal and for the documentation", () => {
    const machine = describeMachine();
    const comparisons = compare(plans, samples);
    assert.match(figuresTable(machine, comparisons), /^preview\/empty +s +2 +1 +5 +4 +4 +1 +0\.5 +3$/m);
    assert.match(
      markdownTable(machine, comparisons),
      /^\| `preview\/empty` +\| ours: 2 s \(1, 5\) +\| theirs: 4 s \(4, 1\) +\| \*\*0\.5\*\* +\| 3 +\|$/m,
    );
  });
});

describe("the machine's description", () => {
  it("names neither the machine nor its user nor a folder", () => {
    assert.deepEqual(Object.keys(describeMachine()), [
      "cpu",
      "cores",
      "memoryGB",
      "system",
      "node",
      "pulumi",
      "loadBefore",
    ]);
  });
});
