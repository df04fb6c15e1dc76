import assert from "node:assert/strict";
import fs, { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { mock } from "node:test";
import { sha256 } from "../../../lib/hash.ts";
import { scopesOf } from "../../../stack/client-capabilities.ts";
import { readPins } from "../../../stack/pins.ts";
import { rolledStack } from "./rolled-stack.ts";

describe("pictures rollback", () => {
  // Before those of the stack, which remove files.
  afterEach(() => {
    mock.restoreAll();
  });
  const stack = rolledStack();
  const deployed = async (name = "user-picture") => (await stack().action(name)).deployed_version;
  const writes = () => stack().tenant.tenant.requests.count({ method: "POST", pathPrefix: "/api/v2" });

  it("refuses what it cannot mean, before it asks anybody", async () => {
    const { rollback } = stack();
    const before = writes();
    await assert.rejects(rollback({ action: "user-pictur" }), {
      code: "action-unknown",
      message: /Did you mean user-picture/,
    });
    await assert.rejects(rollback({ action: undefined }), { code: "rollback-unclear" });
    await assert.rejects(rollback({ all: true, action: undefined, to: 1 }), { code: "rollback-unclear" });
    await assert.rejects(rollback({ toSource: "HEAD" }), { code: "rollback-unclear" });
    assert.equal(writes(), before);
  });

  it("changes nothing where it may not ask", async () => {
    const before = writes();
    await assert.rejects(stack().rollback({ yes: false }), {
      code: "confirmation-needed",
      message: /user-picture from version 3 to the code of version 2/,
    });
    assert.equal(writes(), before);
    assert.equal(existsSync(stack().files.folder), false);
  });

  it("names the versions that there are where it is asked for another", async () => {
    await assert.rejects(stack().rollback({ to: 9 }), { code: "version-missing", message: /It has 3, 2, 1/ });
  });

  it("changes nothing where the pin could not be written", async () => {
    const { env, rollback } = stack();
    writeFileSync(`${env["PICTURES_STACK_FOLDER"]}/pins`, "a file");
    const before = writes();
    await assert.rejects(rollback({}), { code: "pins-not-writable" });
    assert.equal(writes(), before);
  });

  it("leaves no half of a pin, but the note of what is unfinished, where the disk gets full", async () => {
    const { rollback, files } = stack();
    const { writeSync } = fs;
    mock.method(fs, "writeSync", ((fd: number, bytes: Buffer, offset: number) => {
      // The note of what is unfinished, and the tenant's lock.
      if (['"steps"', '"token"'].some((part) => bytes.includes(part))) return writeSync(fd, bytes, offset);
      if (offset > 0) throw Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" });
      return writeSync(fd, bytes, 0, bytes.length >> 1);
    }) as typeof writeSync);
    await assert.rejects(rollback({}), { code: "pins-not-writable", message: /user-picture\.js .*ENOSPC/ });
    mock.restoreAll();
    assert.deepEqual(readdirSync(files.folder), [basename(files.unfinished)]);
    await rollback({});
    assert.equal(readPins(files).pins[0]?.action, "user-picture");
  });

  it("leaves nothing behind where the tenant did not take the request", async () => {
    const { rollback, files, tenant } = stack();
    tenant.tenant.faults.set([{ kind: "drop-before", method: "POST", path: "*/deploy", times: 1 }], 1);
    await assert.rejects(rollback({}), { code: "auth0-unreachable" });
    assert.deepEqual(readPins(files), { pins: [], released: {} });
    assert.equal((await deployed()).number, 3);
  });

  it("finishes at the next run where the answer got lost, without a second deployment", async () => {
    const { rollback, files, tenant, codeOf } = stack();
    tenant.tenant.faults.set([{ kind: "drop-after", method: "POST", path: "*/deploy", times: 1 }], 1);
    await assert.rejects(rollback({}), { code: "auth0-unreachable" });
    assert.throws(() => readPins(files), { code: "rollback-unfinished" });
    await assert.rejects(rollback({ to: 3 }), {
      code: "rollback-unfinished",
      message: /Finish it first: pictures rollback user-picture\./,
    });
    await rollback({});
    const { number, code } = await deployed();
    assert.equal(number, 4);
    assert.equal(code, codeOf("user-picture", 2));
    assert.equal(readPins(files).pins[0]!.code, code);
  });

  it("deploys the version before with the draft, and pins it, in at most 6 requests", async () => {
    const { rollback, files, tenant, codeOf, said } = stack();
    const count = () => tenant.tenant.requests.count({ pathPrefix: "/api/v2" });
    const before = count();
    const { text } = await rollback({});
    assert.ok(count() - before <= 6, `${count() - before} requests`);
    const action = await stack().action("user-picture");
    const code = codeOf("user-picture", 2);
    assert.equal(action.deployed_version.code, code);
    assert.equal(action.code, code);
    assert.equal(action.all_changes_deployed, true);
    assert.equal(readFileSync(files.code("user-picture"), "utf8"), code);
    const [pin] = readPins(files).pins;
    assert.deepEqual(
      { ...pin, code: "", pinnedAt: "", program: undefined },
      {
        action: "user-picture",
        code: "",
        version: 2,
        codeHash: sha256(code),
        runtime: "node22",
        dependencies: [],
        pinnedAt: "",
        deployed: { id: action.deployed_version.id, number: 4 },
        replaced: { number: 3, codeHash: sha256(codeOf("user-picture", 3)) },
        program: undefined,
      },
    );
    assert.match(
      said.join("\n"),
      /-const PICTURE_SETTINGS = .*"maxLength":1003.*\n\+const PICTURE_SETTINGS = .*"maxLength":1002/,
    );
    assert.match(text, /was not refreshed: .*backend is down.*\n.*pulumi refresh .*\n.*commit the pin\./);
    assert.equal((await deployed("default-picture")).number, 3);
  });

  it("says that it lost, and keeps the former pin, where other code is deployed before it ends", async () => {
    const { rollback, files, tenant } = stack();
    await rollback({ to: 2 });
    const [former] = readPins(files).pins;
    const { id } = await stack().action("user-picture");
    // It is asked for between the look at what runs and the pin.
    const program = async () => {
      await tenant.api("PATCH", `/actions/actions/${id}`, { code: "exports.onExecutePostLogin = () => {};" });
      await tenant.api("GET", `/actions/actions/${id}`);
      await tenant.api("POST", `/actions/actions/${id}/deploy`);
      return { bundles: undefined, why: "" };
    };
    await assert.rejects(rollback({ to: 1, program, overtakenMs: 300 }), {
      code: "rollback-lost",
      message: /version 6 of Action user-picture was deployed by something else/,
    });
    assert.deepEqual(readPins(files).pins, [former]);
    assert.equal((await deployed()).number, 6);
  });

  it("needs no more than the scopes of its capability", async () => {
    const { tenant, env, rollback } = stack();
    const token = await tenant.tokenWith(...scopesOf(["rollback"]));
    await rollback({
      env: { ...env, AUTH0_DOMAIN: "", AUTH0_CLIENT_ID: "", AUTH0_CLIENT_SECRET: "", AUTH0_API_TOKEN: token },
    });
    assert.equal((await deployed()).number, 4);
  });

  it("goes further back when it is asked again", async () => {
    await stack().rollback({});
    await stack().rollback({});
    assert.equal((await deployed()).code, stack().codeOf("user-picture", 1));
    await assert.rejects(stack().rollback({}), { code: "no-earlier-version" });
    await stack().rollback({ to: 3 });
    assert.equal((await deployed()).code, stack().codeOf("user-picture", 3));
  });

  it("pins what runs already without deploying it again", async () => {
    const { rollback, files } = stack();
    await rollback({ to: 3 });
    assert.equal((await deployed()).number, 3);
    assert.equal(readPins(files).pins[0]!.version, 3);
  });

  it("mends a pin that is broken", async () => {
    const { rollback, files } = stack();
    await rollback({ to: 2 });
    rmSync(files.record("user-picture"));
    assert.throws(() => readPins(files), { code: "pin-broken" });
    await rollback({ to: 2 });
    assert.equal(readPins(files).pins[0]!.version, 2);
  });

  it("says that secrets of then come back, and that a version is about to be deleted", async () => {
    const { tenant, action, deploy, rollback, said } = stack();
    const { id } = await action("user-picture");
    const set = (value: string) =>
      tenant.api("PATCH", `/actions/actions/${id}`, { secrets: [{ name: "KEY", value }] });
    await set("old");
    await deploy(1);
    await set("new");
    await deploy(1);
    await rollback({ to: 4 });
    assert.match(said.join("\n"), /secrets had at that time come back with version 4: KEY/);
    await deploy(45);
    await rollback({ to: 2 });
    assert.match(said.join("\n"), /it deletes version 2 with this very deployment/);
    assert.match((await deployed()).code, /"maxLength":1002/);
  }).timeout(120_000);
});
