import assert from "node:assert/strict";
import {
  appendFileSync,
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { openJournal, type JournalEntry } from "../../../cli/people/journal.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const domain = "acme.eu.auth0.com";

function entry(id: string, changes: Partial<JournalEntry> = {}): JournalEntry {
  return {
    id,
    at: "2026-11-21T12:00:00.000Z",
    stack: "dev",
    command: "clear",
    client: "abc",
    user: "auth0|1",
    keys: ["user_metadata.picture"],
    hashBefore: "1",
    hashAfter: "2",
    before: { "user_metadata.picture": "https://img.acme.com/own.png" },
    ...changes,
  };
}

describe("the journal", () => {
  const folder = temporaryFolder();
  const open = () => openJournal(domain, { XDG_STATE_HOME: folder() });
  const path = (...names: string[]) => join(folder(), "auth0-user-pictures/journal", domain, ...names);

  it("says that nothing was changed where it cannot be written", () => {
    writeFileSync(join(folder(), "file"), "");
    const journal = openJournal(domain, { XDG_STATE_HOME: join(folder(), "file") });
    assert.throws(() => journal.append(entry("a")), {
      code: "journal-not-writable",
      message: /nothing more was changed.*XDG_STATE_HOME/,
    });
  });

  it("is for its owner's eyes only", () => {
    open().append(entry("a"));
    assert.equal(statSync(path("2026-11.ndjson")).mode & 0o777, 0o600);
    assert.equal(statSync(path()).mode & 0o777, 0o700);
  });

  it("gives the entries of all months, the oldest first, without refused ones", () => {
    const journal = open();
    journal.append(entry("c", { at: "2027-01-02T00:00:00.000Z" }));
    journal.append(entry("a"));
    journal.append(entry("b"));
    journal.append({ at: "2026-12-01T00:00:00.000Z", failed: "b", code: "root-picture-synced" });
    assert.deepEqual(
      journal.entries().map(({ id }) => id),
      ["a", "c"],
    );
  });

  it("passes over a line that was cut off", () => {
    const journal = open();
    journal.append(entry("a"));
    appendFileSync(path("2026-11.ndjson"), '{"id":"b","user":\n');
    assert.deepEqual(
      journal.entries().map(({ id }) => id),
      ["a"],
    );
  });

  it("keeps what is noted after a line that was cut off before its end", () => {
    const journal = open();
    journal.append(entry("a"));
    appendFileSync(path("2026-11.ndjson"), '{"id":"b","us');
    journal.append(entry("c"));
    journal.append(entry("d"));
    assert.deepEqual(
      journal.entries().map(({ id }) => id),
      ["a", "c", "d"],
    );
    assert.doesNotMatch(readFileSync(path("2026-11.ndjson"), "utf8"), /\n\n/);
  });

  it("gives a run over many users as its last entry that was not refused", () => {
    const journal = open();
    journal.append(entry("a"));
    journal.append(entry("b", { run: "r", user: "auth0|2" }), entry("c", { run: "r", user: "auth0|3" }));
    journal.append({ at: "2026-11-21T12:00:01.000Z", failed: "c", code: "auth0-refused" });
    assert.deepEqual(
      journal.entries().map(({ id }) => id),
      ["a", "b"],
    );
  });

  it("is empty before the first write", () => {
    assert.deepEqual(open().entries(), []);
  });

  it("forgets a user's addresses, and nobody else's", () => {
    const journal = open();
    journal.append(entry("a"));
    journal.append(entry("b", { user: "auth0|2" }));
    journal.forget("auth0|1");
    const [forgotten, other] = journal.entries();
    assert.equal(forgotten?.before, undefined);
    assert.equal(forgotten?.hashBefore, "1");
    assert.ok(other?.before);
    assert.equal(readFileSync(path("2026-11.ndjson"), "utf8").match(/https:/g)?.length, 1);
  });

  it("forgets in the same file, to which a command that runs meanwhile may add", () => {
    const journal = open();
    journal.append(entry("a", { before: { "user_metadata.picture": "https://img.acme.com/zoë.png" } }));
    journal.append(entry("b", { user: "auth0|2" }));
    const { ino, size } = statSync(path("2026-11.ndjson"));
    const other = openSync(path("2026-11.ndjson"), "a");
    journal.forget("auth0|1");
    writeSync(other, `${JSON.stringify(entry("c"))}\n`);
    closeSync(other);
    const after = statSync(path("2026-11.ndjson"));
    assert.deepEqual([after.ino, after.size > size], [ino, true]);
    assert.deepEqual(
      journal.entries().map(({ id, before }) => [id, before !== undefined]),
      [
        ["a", false],
        ["b", true],
        ["c", true],
      ],
    );
    assert.doesNotMatch(readFileSync(path("2026-11.ndjson"), "utf8"), /zoë/);
    assert.deepEqual(readdirSync(path()), ["2026-11.ndjson"]);
  });

  it("lies in the home folder where XDG_STATE_HOME is no absolute path", () => {
    const message = new RegExp(join(homedir(), ".local/state"));
    const journal = openJournal("a/\0", { XDG_STATE_HOME: "relative" });
    assert.throws(() => journal.append(entry("a")), { message });
  });
});
