import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { commitSources } from "../../../cli/rollback/run-rollback.ts";
import { projectRoot } from "../../../lib/project.ts";
import { bundleSources } from "../../../stack/bundle-actions.ts";
import { readPins } from "../../../stack/pins.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { rolledStack } from "./rolled-stack.ts";

describe("pictures rollback --all --to-source", () => {
  /** The name of an Action of which another one deploys a version right before the rollback does. */
  let deployedByOther: string | undefined;
  const stack = rolledStack(({ tenant, api }) => {
    tenant.app.addHook("onRequest", async ({ method, url }: { method: string; url: string }) => {
      const name = deployedByOther;
      if (name === undefined || method !== "POST" || !url.endsWith("/deploy")) return;
      const { id } = await stack().action(name);
      if (!url.includes(id)) return;
      deployedByOther = undefined;
      await api("PATCH", `/actions/actions/${id}`, { code: "exports.onExecutePostLogin = () => {};" });
      await api("GET", `/actions/actions/${id}`);
      await api("POST", `/actions/actions/${id}/deploy`);
    });
  });
  const repository = temporaryFolder();
  const names = ["default-picture", "user-picture"];

  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=x", "-c", "user.email=x", ...args], {
      cwd: repository(),
      stdio: "pipe",
    });
  const commit = (message: string) => {
    git("add", ".");
    git("commit", "--quiet", "--message", message);
  };

  beforeEach(() => {
    for (const folder of ["actions", "policy"]) {
      cpSync(join(projectRoot, folder), join(repository(), folder), { recursive: true });
    }
    git("init", "--quiet");
    commit("as it is");
    git("tag", "deployed");
    appendFileSync(join(repository(), "policy/own-picture.ts"), "\nexport const later = 1;\n");
    commit("later");
  });

  const rollback = (toSource: string) =>
    stack().rollback({ action: undefined, all: true, toSource, repository: repository() });
  const numbers = async () =>
    Promise.all(names.map(async (name) => (await stack().action(name)).deployed_version.number));

  /** Other code than that of any commit, as version 4. */
  async function deployOther(): Promise<void> {
    for (const name of names) {
      const { id } = await stack().action(name);
      const { api } = stack().tenant;
      await api("PATCH", `/actions/actions/${id}`, { code: "exports.onExecutePostLogin = async () => {};" });
      await api("GET", `/actions/actions/${id}`);
      await api("POST", `/actions/actions/${id}/deploy`);
    }
  }

  it("knows the hashes of a commit's sources as the headers have them", async () => {
    const now = Object.fromEntries(
      bundleSources(projectRoot).map(({ name, sourceHash }) => [name, sourceHash]),
    );
    assert.deepEqual((await commitSources("deployed", repository())).hashes, now);
    assert.notEqual((await commitSources("HEAD", repository())).hashes["user-picture"], now["user-picture"]);
  });

  it("changes nothing for what is no commit, or one that was never deployed", async () => {
    await assert.rejects(rollback("--output=x"), { code: "commit-unusable" });
    await assert.rejects(rollback("HEAD"), { code: "version-missing" });
    assert.deepEqual(await numbers(), [3, 3]);
  });

  it("puts back what it changed where the second Action fails", async () => {
    await deployOther();
    const before = await Promise.all(names.map((name) => stack().action(name)));
    const { faults } = stack().tenant.tenant;
    faults.set([{ kind: "drop-before", method: "POST", path: "*/deploy", skip: 1, times: 1 }], 1);
    await assert.rejects(rollback("deployed"), { code: "rollback-put-back" });
    const after = await Promise.all(names.map((name) => stack().action(name)));
    assert.deepEqual(
      after.map(({ code, deployed_version }) => [code, deployed_version.code]),
      before.map(({ code, deployed_version }) => [code, deployed_version.code]),
    );
    assert.deepEqual(readPins(stack().files).pins, []);
  });

  it("takes itself back where another deployment of the second Action came first", async () => {
    await deployOther();
    deployedByOther = "user-picture";
    await assert.rejects(rollback("deployed"), {
      code: "rollback-lost",
      message: /Version 5 of Action user-picture .*The other Actions run the same versions as before/s,
    });
    const [first, second] = await Promise.all(names.map((name) => stack().action(name)));
    assert.match(first!.deployed_version.code, /async \(\) => \{\}/);
    assert.match(second!.deployed_version.code, /= \(\) => \{\}/);
    assert.deepEqual(readPins(stack().files), { pins: [], released: {} });
  });

  it("goes on at the next run where putting back failed too", async () => {
    await deployOther();
    const { faults } = stack().tenant.tenant;
    faults.set([{ kind: "drop-before", method: "POST", path: "*/deploy", skip: 1, times: 2 }], 1);
    await assert.rejects(rollback("deployed"), { code: "rollback-half-done" });
    assert.ok(existsSync(stack().files.unfinished));
    await rollback("deployed");
    assert.equal(readPins(stack().files).pins.length, 2);
  });

  it("takes every Action to its newest version of those sources, and pins them", async () => {
    await deployOther();
    const { text } = await rollback("deployed");
    assert.match(text, /until logins ran them\..*Now commit the pins\./s);
    for (const name of names) {
      assert.equal((await stack().action(name)).deployed_version.code, stack().codeOf(name, 3));
    }
    assert.deepEqual(
      readPins(stack().files).pins.map(({ action, version }) => [action, version]),
      names.map((name) => [name, 3]),
    );
  });
});
