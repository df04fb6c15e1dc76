import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { sha256 } from "../../lib/hash.ts";
import { bundleActions } from "../../stack/bundle-actions.ts";
import { pinFindings } from "../../stack/pin-findings.ts";
import { pinFiles, programActions, readPins, type PinFiles, type PinRecord } from "../../stack/pins.ts";
import { settingsWith } from "../policy/settings.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const code = "exports.onExecutePostLogin = async () => {};\n";

const record: PinRecord = {
  version: 7,
  codeHash: sha256(code),
  runtime: "node18-actions",
  dependencies: [{ name: "lodash", version: "4.17.21" }],
  pinnedAt: "2026-03-01T12:00:00.000Z",
  deployed: { id: "id-9", number: 9 },
  replaced: { number: 8, codeHash: "0" },
};

describe("a stack's pins", () => {
  const folder = temporaryFolder();
  let files: PinFiles;
  beforeEach(() => {
    files = pinFiles("dev", { PICTURES_STACK_FOLDER: folder() });
  });

  function write(changes: Partial<PinRecord> = {}): void {
    mkdirSync(files.folder, { recursive: true });
    writeFileSync(files.code("user-picture"), code);
    writeFileSync(files.record("user-picture"), JSON.stringify({ ...record, ...changes }));
  }

  it("stop a run where a rollback was interrupted", () => {
    write();
    writeFileSync(files.unfinished, "{}");
    assert.throws(() => readPins(files), {
      code: "rollback-unfinished",
      message: /run the same pictures rollback again/i,
    });
  });

  it("stop a run where one is broken, and the message says how to mend it", () => {
    const broken = {
      code: "pin-broken",
      message: /pictures rollback user-picture --to NUMBER.*pictures unpin/s,
    };
    for (const breaks of [
      () => rmSync(files.record("user-picture")),
      () => rmSync(files.code("user-picture")),
      () => writeFileSync(files.code("user-picture"), `${code} `),
      () => writeFileSync(files.record("user-picture"), "no JSON"),
      () => write({ dependencies: [{ name: "lodash" } as never] }),
      () => write({ version: "7" as never }),
    ]) {
      write();
      breaks();
      assert.throws(() => readPins(files), broken);
    }
  });

  it("are none where nobody rolled back", () => {
    assert.deepEqual(readPins(files), { pins: [], released: {} });
  });

  it("stand in for the source with code, runtime and modules, for their Action alone", () => {
    write();
    const sources = bundleActions(settingsWith());
    const [first, second] = programActions(sources, readPins(files).pins);
    assert.deepEqual(first, { ...sources[0], runtime: "node22", dependencies: [] });
    const { runtime, dependencies } = record;
    assert.deepEqual(second, { name: "user-picture", code, runtime, dependencies });
  });

  it("are found with their age and how far they are behind the source", () => {
    write();
    const sources = [{ name: "user-picture" as const, code: `// new\n${code}` }];
    const [finding] = pinFindings(sources, readPins(files).pins, new Date("2026-03-03T13:00:00Z"));
    assert.equal(finding?.days, 2);
    assert.deepEqual(finding.behind, { added: 1, removed: 0 });
    assert.equal(finding.sourceChanged, undefined);
    assert.match(
      finding.text,
      /^user-picture is pinned to version 7 \(code \w{12}\) since 2026-03-01 \(2 days\); the source differs by 1 line added and 0 lines removed\./,
    );
  });

  it("say whether the source changed after they were made", () => {
    const source = { name: "user-picture" as const, code: "new" };
    for (const [hash, changed] of [
      [sha256("new"), false],
      [sha256("older"), true],
    ] as const) {
      write({ program: { codeHash: hash, sourceHash: "" } });
      assert.equal(pinFindings([source], readPins(files).pins)[0]?.sourceChanged, changed);
    }
  });
});
