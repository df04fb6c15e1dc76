import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../temporary-folder.ts";
import { fakeGithub, type FakeGithub } from "./fake-github.ts";
import { runStepScript } from "./run-step-script.ts";

describe("the issue of a drifted environment", () => {
  const folder = temporaryFolder();
  let github: FakeGithub;
  beforeEach(() => {
    github = fakeGithub();
  });

  it("is neither opened nor closed by a look that could not tell", async () => {
    await look("dev", "2", "the code differs");
    await assert.rejects(look("dev", "1", ""), /ended with code 1/);
    await assert.rejects(look("dev", "", ""), /which says nothing/);
    assert.deepEqual(states(), [["Drift in dev", "open"]]);
  });

  it("is shortened to what GitHub takes", async () => {
    await look("dev", "2", `the code differs${"x".repeat(100_000)}`);
    assert.match(github.issues[0]?.body ?? "", /the code differs[^]*characters more in the run's summary/);
  });

  it("is one for each environment, kept up to date", async () => {
    await look("dev", "2", "the code differs");
    await look("prod", "2", "the grant is gone");
    await look("dev", "2", "the order differs");
    assert.deepEqual(states(), [
      ["Drift in dev", "open"],
      ["Drift in prod", "open"],
    ]);
    assert.match(github.issues[0]?.body ?? "", /the order differs/);
  });

  it("is closed when that environment is clean, and opened anew by the next drift", async () => {
    await look("dev", "2", "the code differs");
    await look("prod", "2", "the code differs");
    await look("dev", "0", "");
    await look("dev", "0", "");
    assert.deepEqual(states(), [
      ["Drift in dev", "closed"],
      ["Drift in prod", "open"],
    ]);
    assert.equal(github.comments.length, 1);
    await look("dev", "2", "the code differs");
    assert.equal(github.issues.length, 3);
  });

  it("is none of a person's that begins like ours", async () => {
    const body = "<!-- auth0-user-pictures drift dev -->";
    github.issues.push({ id: 99, number: 99, user: { login: "mallory" }, title: "mine", body });
    await look("dev", "0", "");
    assert.deepEqual(states(), [["mine", "open"]]);
  });

  async function look(stack: string, code: string, found: string): Promise<void> {
    writeFileSync(join(folder(), "drift.md"), found);
    const env = { STACK: stack, CODE: code, RUN: "https://x.test/1", RUNNER_TEMP: folder() };
    await runStepScript("drift.yml", "drift", github, env);
  }

  function states(): (readonly [string | undefined, string])[] {
    return github.issues.map(({ title, state }) => [title, state ?? "open"]);
  }
});
