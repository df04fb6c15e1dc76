import assert from "node:assert/strict";
import {
  guardDeployed,
  nextRecord,
  type DeployedSituation,
  type DeployedVersion,
} from "../../infra/guard-deployed.ts";

const version = (number: number, codeHash: string): DeployedVersion => ({
  versionId: `version-${number}`,
  number,
  codeHash,
});

/** This stack deployed `two` after version 1, and the program is at `three`. */
const situation: DeployedSituation = {
  deployed: version(2, "two"),
  lastState: { codeHash: "two", replacedVersion: "version-1" },
  program: "three",
  replaceDeployed: false,
};

describe("a deployed version", () => {
  it("may not be replaced where somebody edited it by hand", () => {
    assert.equal(guardDeployed({ ...situation, deployed: version(3, "by hand") }), "refused");
  });

  it("may not be replaced where somebody rolled back to the version before", () => {
    assert.equal(guardDeployed({ ...situation, deployed: version(3, "one") }), "refused");
  });

  it("may not be replaced by the same program either", () => {
    assert.equal(guardDeployed({ ...situation, deployed: version(3, "one"), program: "two" }), "refused");
  });

  it("may be replaced where it is this stack's last one, the program's, a pin, or the first", () => {
    assert.equal(guardDeployed(situation), "is-last-state");
    assert.equal(guardDeployed({ ...situation, deployed: version(3, "three") }), "is-program");
    assert.equal(guardDeployed({ ...situation, deployed: version(3, "one"), pin: "one" }), "is-pin");
    assert.equal(guardDeployed({ ...situation, lastState: undefined }), "first-run");
    assert.equal(guardDeployed({ ...situation, deployed: undefined }), "not-deployed");
  });

  it("may be replaced where the configuration names it", () => {
    const named = { ...situation, deployed: version(3, "by hand"), replaceDeployed: true };
    assert.equal(guardDeployed(named), "named");
  });

  it("may be replaced by a run that repeats or corrects an interrupted one", () => {
    const interrupted = { ...situation, lastState: nextRecord(situation) };
    assert.equal(guardDeployed(interrupted), "was-interrupted");
    assert.equal(guardDeployed({ ...interrupted, program: "four" }), "was-interrupted");
    const again = { ...interrupted, lastState: nextRecord({ ...interrupted, program: "four" }) };
    assert.equal(guardDeployed({ ...again, program: "five" }), "was-interrupted");
  });

  it("may not be replaced where somebody rolled back after an interrupted run", () => {
    const lastState = nextRecord(situation);
    assert.equal(guardDeployed({ ...situation, lastState, deployed: version(3, "one") }), "refused");
  });
});

describe("a deployed version that was pinned once", () => {
  const released = { ...situation, released: "version-3" };

  it("may be replaced by the source after unpin", () => {
    assert.equal(guardDeployed({ ...released, deployed: version(3, "one") }), "was-pinned");
  });

  it("may not be replaced where somebody rolled back to the same code since", () => {
    assert.equal(guardDeployed({ ...released, deployed: version(4, "one") }), "refused");
  });
});

describe("what a stack records of a deployment", () => {
  it("stays the same while the program does, whatever the tenant runs", () => {
    const same = { ...situation, program: "two", deployed: version(7, "by hand") };
    assert.equal(nextRecord(same), situation.lastState);
  });

  it("names no former version where there was none", () => {
    const first = { ...situation, deployed: undefined, lastState: undefined };
    assert.deepEqual(nextRecord(first), { codeHash: "three", replacedVersion: "" });
  });
});
