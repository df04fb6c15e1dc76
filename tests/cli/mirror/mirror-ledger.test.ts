import assert from "node:assert/strict";
import { appendFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { startOfRun } from "../../../cli/bulk/bulk-folder.ts";
import { noCounts } from "../../../cli/mirror/mirror-counts.ts";
import { dropOldRun, openMirrorLedger } from "../../../cli/mirror/mirror-ledger.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const google = "lh3.googleusercontent.com";

describe("the ledger of a mirror run", () => {
  const folder = temporaryFolder();

  it("is continued after a kill: who is settled, where a copy was being stored, and the counts", () => {
    const first = openMirrorLedger(folder(), noCounts());
    first.settle("a", { outcome: "copied", host: google });
    first.noteFolder("b", "f".repeat(32));
    first.noteFolder("c", "e".repeat(32));
    first.settle("c", { outcome: "copied", host: google });
    first.settle("d", { outcome: "failed", host: google, why: "http-403" });
    first.settle("e", { outcome: "skipped", why: "blocked" });
    first.close();
    appendFileSync(join(folder(), "outcomes.ndjson"), '{"user":"f","outco');

    const counts = noCounts();
    const ledger = openMirrorLedger(folder(), counts);
    assert.deepEqual(["a", "b", "c", "d", "e", "f"].filter(ledger.isSettled), ["a", "c"]);
    assert.deepEqual(["a", "b", "c"].map(ledger.folderOf), [undefined, "f".repeat(32), undefined]);
    assert.deepEqual(counts.counts, { copied: 2, unchanged: 0, failed: 0, skipped: 0 });
    assert.equal(counts.hosts.get(google)?.copied, 2);
    ledger.settle("b", { outcome: "copied", host: google });
    ledger.close();
    const third = openMirrorLedger(folder(), noCounts());
    assert.ok(third.isSettled("b"));
    third.close();
  });

  it("is begun anew after a week", () => {
    const run = join(folder(), "run");
    const start = new Date("2026-11-01T00:00:00Z");
    mkdirSync(run);
    startOfRun(run, start);
    dropOldRun(run, new Date("2026-11-07T00:00:00Z"));
    assert.ok(existsSync(run));
    dropOldRun(run, new Date("2026-11-09T00:00:00Z"));
    assert.ok(!existsSync(run));
  });
});
