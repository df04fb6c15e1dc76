import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkNode, checkPlugins, checkPulumi } from "../../../cli/doctor/check-tools.ts";
import { ExpectedError } from "../../../lib/errors.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { printing, surroundings } from "./surroundings.ts";

const noPulumi = () => Promise.reject(new ExpectedError("pulumi-missing", "There is no pulumi on the PATH."));

describe("doctor's look at Node", () => {
  it("finds a version too old that the project does not support", async () => {
    const { status, detail } = await checkNode.run(surroundings({ nodeVersion: "20.9.0" }), {});
    assert.equal(status, "problem");
    assert.match(detail, /20\.9\.0 is older than 20\.19/);
  });

  it("takes a newer one", async () => {
    for (const nodeVersion of ["20.19.0", "22.1.0", "24.0.0-nightly"])
      assert.equal((await checkNode.run(surroundings({ nodeVersion }), {})).status, "ok", nodeVersion);
  });
});

describe("doctor's look at pulumi", () => {
  it("finds that there is none", async () => {
    await assert.rejects(checkPulumi.run(surroundings({ pulumi: noPulumi }), {}), { code: "pulumi-missing" });
  });

  it("finds one that is older than the program's SDK", async () => {
    const { status, detail } = await checkPulumi.run(surroundings({ pulumi: printing("v3.99.0\n") }), {});
    assert.equal(status, "problem");
    assert.match(detail, /Pulumi 3\.99\.0 is older than 3\.\d+/);
  });

  it("misses none where the credentials are a moderator's", async () => {
    const env = { PICTURES_CLIENT_ID: "moderator" };
    for (const pulumi of [noPulumi, printing("v3.99.0\n")]) {
      assert.equal((await checkPulumi.run(surroundings({ pulumi, env }), {})).status, "skipped");
      assert.equal((await checkPlugins.run(surroundings({ pulumi, env }), {})).status, "skipped");
    }
    const deploys = { ...env, AUTH0_CLIENT_ID: "deployer" };
    const old = printing("v3.99.0\n");
    assert.equal((await checkPulumi.run(surroundings({ pulumi: old, env: deploys }), {})).status, "problem");
  });

  it("takes a newer one", async () => {
    const newer = surroundings({ pulumi: printing("v4.0.0\n") });
    assert.deepEqual(await checkPulumi.run(newer, {}), { status: "ok", detail: "Pulumi 4.0.0" });
  });
});

describe("doctor's look at the provider plugins", () => {
  const folder = temporaryFolder();
  const none = printing("[]");

  it("finds one missing that Pulumi is told not to get, and names the command that gets it", async () => {
    const env = { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" };
    const finding = await checkPlugins.run(surroundings({ pulumi: none, env }), {});
    assert.equal(finding.status, "problem");
    assert.match("remedy" in finding ? (finding.remedy ?? "") : "", /pulumi plugin install resource aws \d/);
  });

  it("says that Pulumi will get it where it may", async () => {
    const { status, detail } = await checkPlugins.run(surroundings({ pulumi: none }), {});
    assert.equal(status, "ok");
    assert.match(detail, /pulumi up will get auth0 .*, aws /);
  });

  it("does not miss one that the stack's project takes from a folder", async () => {
    const plugins = { providers: ["auth0", "aws"].map((name) => ({ name, path: "." })) };
    writeFileSync(join(folder(), "Pulumi.yaml"), JSON.stringify({ name: "x", plugins }));
    const env = { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true", PICTURES_STACK_FOLDER: folder() };
    assert.equal((await checkPlugins.run(surroundings({ pulumi: none, env }), {})).status, "ok");
  });

  it("is skipped where pulumi does not say", async () => {
    for (const pulumi of [noPulumi, printing("", 1), printing("no JSON")])
      assert.equal((await checkPlugins.run(surroundings({ pulumi }), {})).status, "skipped");
  });
});
