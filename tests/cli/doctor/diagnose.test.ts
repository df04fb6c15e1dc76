import assert from "node:assert/strict";
import { ok, problem, skipped, type Check } from "../../../cli/doctor/check.ts";
import { describeFindings, runChecks } from "../../../cli/doctor/diagnose.ts";
import { ExpectedError } from "../../../lib/errors.ts";
import { surroundings } from "./surroundings.ts";

describe("the checks of doctor", () => {
  const failing = (error: Error): Check => ({ name: "first", run: () => Promise.reject(error) });
  const second: Check = { name: "second", run: () => Promise.resolve(ok("fine")) };

  it("go on after one that fails as expected, which is a problem", async () => {
    const findings = await runChecks(
      [failing(new ExpectedError("gone", "It is gone.")), second],
      surroundings(),
    );
    assert.deepEqual(findings, [
      { name: "first", status: "problem", detail: "It is gone." },
      { name: "second", status: "ok", detail: "fine" },
    ]);
  });

  it("do not hide a bug", async () => {
    await assert.rejects(runChecks([failing(new TypeError("bug")), second], surroundings()), {
      message: "bug",
    });
  });
});

describe("what doctor prints", () => {
  const findings = [
    { name: "node", ...ok("Node 20") },
    { name: "config", ...problem("Two things:\n  - one", "mend it") },
    { name: "token", ...skipped("There are no credentials") },
  ];

  it("is a line for each check, a problem's remedy below it, and the sum", () => {
    assert.equal(
      describeFindings("dev", findings, false),
      [
        "ok       node    Node 20",
        "problem  config  Two things:",
        "                   - one",
        "                 mend it",
        "skipped  token   There are no credentials",
        "",
        "Stack dev: 1 problem.",
      ].join("\n"),
    );
  });

  it("has colours only where it is told so", () => {
    assert.match(describeFindings("dev", findings, true), /\u001b\[31mproblem/);
  });
});
