import assert from "node:assert/strict";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { listVersions } from "../../../cli/rollback/list-versions.ts";
import { unpin } from "../../../cli/rollback/unpin.ts";
import { sha256 } from "../../../lib/hash.ts";
import { readPins } from "../../../stack/pins.ts";
import { rolledStack } from "./rolled-stack.ts";

interface Listed {
  readonly versions: readonly {
    readonly number: number;
    readonly deployed: boolean;
    readonly codeHash: string;
    readonly sourceHash: string | null;
    readonly equals: readonly string[];
  }[];
  readonly pinned: number | null;
  readonly notes: readonly string[];
}

describe("pictures versions", () => {
  const stack = rolledStack();

  it("shows which version runs, what each was made from, and which is the pin", async () => {
    const { tenant, action, rollback, env, codeOf } = stack();
    const { id } = await action("user-picture");
    await tenant.api("PATCH", `/actions/actions/${id}`, {
      code: "exports.onExecutePostLogin = async () => {};",
    });
    await tenant.api("GET", `/actions/actions/${id}`);
    await tenant.api("POST", `/actions/actions/${id}/deploy`);
    await rollback({ to: 2 });
    const { text, json } = await listVersions("local", "user-picture", env);
    const { versions, pinned, notes } = json as Listed;
    assert.deepEqual(
      versions.map(({ number, deployed, equals }) => [number, deployed, equals.join()]),
      [
        [5, true, "pin"],
        [4, false, ""],
        [3, false, ""],
        [2, false, "pin"],
        [1, false, ""],
      ],
    );
    assert.equal(versions[0]!.codeHash, sha256(codeOf("user-picture", 2)));
    assert.match(versions[0]!.sourceHash!, /^[0-9a-f]{64}$/);
    assert.equal(versions[1]!.sourceHash, null);
    assert.equal(pinned, 2);
    assert.match(notes.join("\n"), /Pinned to version 2 since/);
    assert.match(text, /^version {2}made \(UTC\)/);
    assert.match(text, /^4 .* not ours$/m);
  });
});

describe("pictures versions of an Action whose draft was saved", () => {
  const stack = rolledStack();

  it("says that the draft differs, and nothing where saving changed nothing", async () => {
    const { tenant, action, env } = stack();
    const { id } = await action("user-picture");
    const notes = async () =>
      ((await listVersions("local", "user-picture", env)).json as Listed).notes.join();
    const { code } = (await tenant.api("GET", `/actions/actions/${id}`)).body;
    await tenant.api("PATCH", `/actions/actions/${id}`, { code });
    assert.doesNotMatch(await notes(), /draft differs/);
    await tenant.api("PATCH", `/actions/actions/${id}`, { code: `${code} // later` });
    assert.match(await notes(), /The draft differs from what is deployed\./);
  });
});

describe("pictures unpin", () => {
  const stack = rolledStack();

  it("says that an Action is not pinned", async () => {
    await assert.rejects(unpin("local", "user-picture", stack().env), { code: "not-pinned" });
  });

  it("removes both files and lets the source replace that deployed version, and no other", async () => {
    const { env, files, rollback, action } = stack();
    await rollback({ to: 2 });
    const { deployed_version: deployed } = await action("user-picture");
    const { text } = await unpin("local", "user-picture", env);
    assert.match(text, /the next pulumi up deploys the source\. It was pinned to version 2 since/);
    assert.deepEqual(readPins(files), { pins: [], released: { "user-picture": deployed.id } });
    assert.deepEqual(readdirSync(files.folder), ["released.json"]);
  });

  it("takes a broken pin away too", async () => {
    const { env, files, rollback } = stack();
    await rollback({ to: 2 });
    rmSync(files.record("user-picture"));
    assert.match((await unpin("local", "user-picture", env)).text, /The pin was broken/);
    assert.equal(existsSync(files.code("user-picture")), false);
  });
});
