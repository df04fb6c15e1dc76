import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../temporary-folder.ts";
import { fakeGithub, type FakeGithub } from "./fake-github.ts";
import { runStepScript } from "./run-step-script.ts";

describe("the comment of a preview", () => {
  const folder = temporaryFolder();
  let github: FakeGithub;
  beforeEach(() => {
    github = fakeGithub();
  });

  it("says that there is no preview where the job broke off before it", async () => {
    await comment("dev");
    assert.match(only(), /^<!-- auth0-user-pictures preview dev -->[^]*\*\*There is no preview:\*\*/);
  });

  it("is shortened to what GitHub takes, and keeps its end", async () => {
    preview(`+ first\n${"é".repeat(200_000)}\nResources: 3 to create`);
    await comment("dev");
    assert.ok(only().length < 65_536);
    assert.match(only(), /\+ first\n[^]*… \d+ characters left out …[^]*Resources: 3 to create/);
  });

  it("lets no text of the pull request out of its block", async () => {
    preview("```\n# Approved\n````");
    await comment("dev");
    assert.match(only(), /\n`````diff\n```\n# Approved\n````\n`````\n/);
  });

  it("says who would see another picture where that was looked at, in a block of its own", async () => {
    preview("+ one");
    writeFileSync(
      join(folder(), "impact.md"),
      `| kept | user | 7 | 7 |\n\`\`\`\n# Approved ${"é".repeat(9000)}`,
    );
    await comment("dev");
    assert.match(
      only(),
      /Whose picture would change[^]*\n````text\n\| kept \| user \| 7 \| 7 \|\n```\n# Approved/,
    );
    assert.ok(only().length < 6000);
  });

  it("is replaced by the next run's, for each environment its own", async () => {
    preview("+ one");
    await comment("dev");
    await comment("prod");
    preview("+ two");
    await comment("dev");
    assert.equal(github.comments.length, 2);
    assert.match(github.comments[0]?.body ?? "", /`dev`[^]*\+ two/);
    assert.match(github.comments[1]?.body ?? "", /`prod`[^]*\+ one/);
  });

  it("leaves a person's comment alone that begins like ours", async () => {
    const body = "<!-- auth0-user-pictures preview dev --> mine";
    github.comments.push({ id: 99, number: 99, user: { login: "mallory" }, body });
    preview("+ one");
    await comment("dev");
    assert.equal(github.comments.length, 2);
    assert.equal(github.comments[0]?.body, body);
  });

  function preview(text: string): void {
    writeFileSync(join(folder(), "preview.txt"), text);
  }

  async function comment(stack: string): Promise<void> {
    const job = stack === "prod" ? "comment-prod" : "comment";
    const env = { STACK: stack, COMMIT: "0".repeat(40), RUN: "https://x.test/1", RUNNER_TEMP: folder() };
    await runStepScript("preview.yml", job, github, env);
  }

  function only(): string {
    assert.equal(github.comments.length, 1);
    return github.comments[0]?.body ?? "";
  }
});
