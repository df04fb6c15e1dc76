import assert from "node:assert/strict";
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BulkOutcome } from "../../../cli/bulk/bulk-change.ts";
import { openLedger, settledLines } from "../../../cli/bulk/ledger.ts";
import { createUserIndex, type UserIndex } from "../../../cli/bulk/user-index.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

describe("the ledger of a run", () => {
  const folder = temporaryFolder();
  let index: UserIndex;
  const file = () => join(folder(), "outcomes.ndjson");
  const outcome = (user: string): BulkOutcome => ({ line: 1, user, action: "clear", outcome: "changed" });

  const newIndex = (name: string) => {
    index = createUserIndex(join(folder(), name), 4);
    for (const user of ["a", "b", "c"]) index.add(user, 0);
  };
  beforeEach(() => {
    newIndex("index");
  });
  afterEach(() => {
    index.close();
  });

  it("brings a later process to where the former one was, past a line that was cut off", () => {
    const first = openLedger(file(), index);
    first.settle(outcome("a"));
    first.setInFlight({ user: "b", via: "patch", entryId: "1" });
    first.close();
    appendFileSync(file(), '{"line":3,"us');
    index.close();
    newIndex("later");
    const second = openLedger(file(), index);
    second.settle(outcome("c"));
    second.close();
    assert.deepEqual(
      ["a", "b", "c"].map((user) => index.find(user)?.state),
      ["settled", "sent", "settled"],
    );
    assert.equal(second.settled(), 2);
    assert.equal(readFileSync(file(), "utf8").trimEnd().split("\n").length, 3);
  });

  it("tells a later process what is in flight, and who takes no import", () => {
    const first = openLedger(file(), index);
    const write = { user: "a", via: "import", createdAt: "2020", entryId: "1", failures: 1 } as const;
    first.setInFlight(write);
    for (const user of ["b", "c"]) first.setInFlight({ ...write, user });
    first.oneByOne("b");
    first.settle(outcome("c"));
    first.close();
    index.close();
    newIndex("later");
    const second = openLedger(file(), index);
    second.close();
    assert.deepEqual(["a", "b", "c"].map(second.inFlightOf), [write, undefined, undefined]);
    assert.deepEqual(
      ["a", "b", "c"].map((user) => index.find(user)?.state),
      ["sent", "one-by-one", "settled"],
    );
  });

  it("tells a later process whose change was made and is still to be read", () => {
    const first = openLedger(file(), index);
    const write = { via: "import", entryId: "1", made: true } as const;
    for (const user of ["a", "b"]) first.setInFlight({ ...write, user });
    first.setInFlight({ user: "c", via: "import", entryId: "2" });
    first.settle(outcome("b"));
    first.close();
    index.close();
    newIndex("later");
    const second = openLedger(file(), index);
    second.close();
    assert.equal(second.unverified(), 1);
    assert.deepEqual(second.inFlightOf("a"), { ...write, user: "a" });
  });

  it("counts whom people should look at", () => {
    const ledger = openLedger(file(), index);
    ledger.settle({ ...outcome("a"), code: "blocked-meanwhile" });
    ledger.settle({ ...outcome("b"), outcome: "gone" });
    ledger.settle(outcome("c"));
    ledger.close();
    assert.equal(ledger.counts.troubles, 2);
    assert.deepEqual(ledger.counts.blocks, { "blocked-meanwhile": 1 });
  });

  it("can be counted while another process writes a line, and is left as it is", () => {
    const ledger = openLedger(file(), index);
    ledger.setInFlight({ user: "a", via: "patch", entryId: "1" });
    ledger.settle(outcome("b"));
    ledger.close();
    appendFileSync(file(), '{"line":3,"us');
    assert.equal(settledLines(file()), 1);
    assert.match(readFileSync(file(), "utf8"), /"us$/);
  });

  it("counts a user once", () => {
    const ledger = openLedger(file(), index);
    ledger.settle(outcome("a"));
    ledger.settle(outcome("a"));
    ledger.settle(outcome("nobody"));
    ledger.close();
    assert.deepEqual(ledger.counts.outcomes, { changed: 1 });
    assert.equal(readFileSync(file(), "utf8").trimEnd().split("\n").length, 1);
  });
});
