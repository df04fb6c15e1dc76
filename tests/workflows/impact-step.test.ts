import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../lib/project.ts";
import { temporaryFolder } from "../temporary-folder.ts";

interface Workflow {
  readonly jobs: Readonly<
    Record<string, { readonly steps: readonly { readonly name?: string; readonly run?: string }[] }>
  >;
}

describe("a preview's step that says who would see another picture", () => {
  const folder = temporaryFolder();

  /** Runs it as GitHub does, with programs in place of `aws` and `node` that write down what they are called with. */
  function run(usersExport: string, maxChanged = ""): { readonly status: number | null; calls: string } {
    const text = readFileSync(join(projectRoot, ".github/workflows/preview.yml"), "utf8");
    const steps = (parse(text) as Workflow).jobs["preview"]?.steps ?? [];
    const script = steps.find(({ name }) => name === "Impact")?.run;
    assert.ok(script);
    const calls = join(folder(), "calls");
    for (const program of ["aws", "node"]) {
      const note = `#!/bin/sh\necho "${program} $*" >> "${calls}"\n`;
      writeFileSync(join(folder(), program), note, { mode: 0o755 });
    }
    const { status } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
      env: {
        PATH: `${folder()}${delimiter}${process.env["PATH"] ?? ""}`,
        STACK: "dev",
        USERS_EXPORT: usersExport,
        MAX_CHANGED: maxChanged,
        RUNNER_TEMP: "/tmp/runner",
      },
    });
    return { status, calls: existsSync(calls) ? readFileSync(calls, "utf8") : "" };
  }

  for (const wrong of ["S3://acme/users.json", "s3:/acme/users.json", "tenants", "true", "acme/users.json"]) {
    it(`asks nobody for users where USERS_EXPORT is ${wrong}`, () => {
      const { status, calls } = run(wrong);
      assert.equal(status, 1);
      assert.equal(calls, "");
    });
  }

  it("takes an object", () => {
    const { status, calls } = run("s3://acme/users.json", "1%");
    assert.equal(status, 0);
    assert.match(
      calls,
      /^aws s3 cp --only-show-errors s3:\/\/acme\/users\.json \/tmp\/runner\/users\.json\n/,
    );
    assert.match(calls, /^node .* --users \/tmp\/runner\/users\.json --max-changed 1% /m);
  });

  it("takes the tenant's users", () => {
    const { status, calls } = run("tenant");
    assert.equal(status, 0);
    assert.match(calls, /^node cli\/pictures\.js impact --stack dev --export --sample 0 /);
  });
});
