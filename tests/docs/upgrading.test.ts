import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../lib/project.ts";
import {
  commitAll,
  documentedCommands,
  git,
  linkPackages,
  pulumiNew,
  runCommands,
  writeFiles,
  writeUpstream,
  type Ended,
  type Files,
} from "./deployed-copy.ts";

/** What a company has of its own: its stacks, its image in place of ours, a pin, and an Action. */
const own: Files = {
  "Pulumi.dev.yaml": [
    "config:",
    "  auth0Domain: own-dev.eu.auth0.com",
    '  awsAccountId: "111122223333"',
    "  awsRegion: eu-west-1",
    "  imageBucket: own-dev-user-pictures",
    "",
  ].join("\n"),
  "Pulumi.qa.yaml": "config:\n  auth0Domain: own-qa.eu.auth0.com\n",
  "assets/default-picture.png": readFileSync(join(projectRoot, "tests/e2e/other-default.png")),
  "pins/qa/user-picture.js": "exports.onExecutePostLogin = async () => {};\n",
  "actions/own-action.ts": "export const own = true;\n",
};

/** As they come with the project; here they may be somebody's own by now, or gone. */
const examples: Files = {
  "Pulumi.dev.yaml": "config:\n  imageBucket: acme-dev-user-pictures\n",
  "Pulumi.staging.yaml": "config:\n  imageBucket: acme-staging-user-pictures\n",
};

describe("docs/upgrading.md", () => {
  let folder = "";
  let upstream = "";
  let project = "";

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "user-pictures-upgrade-"));
    upstream = join(folder, "upstream");
    writeUpstream(upstream, examples, makeNewVersion);
  });
  beforeEach(() => {
    project = mkdtempSync(join(folder, "project-"));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  describe("for a clone", () => {
    beforeEach(() => {
      git(folder, "clone", "--quiet", "--branch", "v1.0.0", upstream, project);
      git(project, "switch", "--quiet", "--create", "ours");
      writeFiles(project, own);
      replaceIn("Pulumi.yaml", /^name: .*/m, "name: my-pictures");
      appendFileSync(join(project, "README.md"), "\nOur own remark.\n");
      commitAll(project, "Our own");
    });

    it("stops at the files that are ours and yours where git was not told whose they are", () => {
      run(documentedCommands("clone", upstream).slice(0, 1));
      const { status, output } = upgrade();
      assert.equal(status, 1);
      assert.match(output, /CONFLICT .*Pulumi\.dev\.yaml/);
    });

    it("stops where both changed the same line, and goes back to before", () => {
      replaceIn("CHANGELOG.md", /^# .*/, "# What we changed");
      commitAll(project, "Another heading");
      const before = git(project, "rev-parse", "HEAD^{tree}");
      run(documentedCommands("clone", upstream));
      const { status, output } = upgrade();
      assert.equal(status, 1);
      assert.match(output, /CONFLICT .*CHANGELOG\.md/);
      run(["git merge --abort"]);
      assert.equal(git(project, "status", "--porcelain"), "");
      assert.equal(git(project, "rev-parse", "HEAD^{tree}"), before);
    });

    it("goes on after a stop at an example that you deleted", () => {
      git(project, "rm", "--quiet", "Pulumi.staging.yaml");
      commitAll(project, "No staging");
      run(documentedCommands("clone", upstream));
      assert.match(upgrade().output, /CONFLICT .*Pulumi\.staging\.yaml/);
      run(["git rm --quiet Pulumi.staging.yaml", "git commit --no-edit"]);
      assert.equal(existsSync(join(project, "Pulumi.staging.yaml")), false);
      isUpgraded();
    });

    it("keeps what is yours and brings what is new, and the project works", () => {
      run(documentedCommands("clone", upstream));
      succeeded(upgrade());
      isUpgraded();
      assert.match(read("README.md"), /Our own remark/);
      works();
    });
  });

  describe("for a copy by pulumi new", () => {
    beforeEach(() => {
      pulumiNew(upstream, "v1.0.0", project, "my-pictures");
      writeFiles(project, own);
    });

    it("is needed, for git merges nothing without a common history", () => {
      writeFiles(project, { "README.md": `${read("README.md")}\nOur own remark.\n` });
      run(["git init", "git add --all", "git commit --message Ours"]);
      run(documentedCommands("clone", upstream));
      assert.match(upgrade().output, /refusing to merge unrelated histories/);
    });

    it("changes nothing when it makes the common history, and shows what is yours", () => {
      run(documentedCommands("copy", upstream));
      const changed = git(project, "diff", "--name-only", "v1.0.0").trim().split("\n");
      assert.deepEqual(changed.sort(), ["Pulumi.yaml", ...Object.keys(own)].sort());
      for (const [path, content] of Object.entries(own)) {
        assert.deepEqual(readFileSync(join(project, path)), Buffer.from(content), path);
      }
    });

    it("goes on from a copy of a commit between two versions", () => {
      writeFiles(project, { "docs/images.md": git(upstream, "show", "v1.1.0:docs/images.md") });
      run(documentedCommands("copy", upstream));
      succeeded(upgrade());
      isUpgraded();
    });

    it("keeps what is yours and brings what is new, and the project works", () => {
      run(documentedCommands("copy", upstream));
      succeeded(upgrade());
      isUpgraded();
      works();
    });
  });

  it("names as yours what .gitattributes keeps in a merge, and nothing that the program is made of", () => {
    const page = readFileSync(join(projectRoot, "docs/upgrading.md"), "utf8");
    const yours = [...page.matchAll(/^\| `([\w./]+)` +\| yours \|/gm)].map(([, name = ""]) => name);
    const patterns = yours.map((name) => `/${name.replace("STACK", "*").replace(/\/$/, "/**")}`);
    const attributes = readFileSync(join(projectRoot, ".gitattributes"), "utf8");
    const kept = [...attributes.matchAll(/^(\S+) .*\bmerge=ours\b/gm)].map(([, pattern]) => pattern);
    assert.deepEqual(kept, patterns);
    const shipped = git(upstream, "ls-tree", "-r", "--name-only", "v1.0.0").trim().split("\n");
    const answers = git(upstream, "check-attr", "merge", "--", ...shipped).split("\n");
    const code = answers.filter((line) => line.endsWith(": ours")).map((line) => line.split(": ")[0] ?? "");
    for (const path of code)
      assert.match(path, /^(?:Pulumi\.[\w-]+\.yaml|assets\/[^.]+\.(?:png|svg|jpe?g|webp))$/);
  });

  it("has commands that macOS has too", () => {
    for (const block of ["clone", "copy", "upgrade"] as const) {
      for (const command of documentedCommands(block, upstream)) {
        assert.match(command, /^(?:git|npm|npx|pulumi) /);
        for (const filter of command.split(" | ").slice(1)) assert.match(filter, /^sed "s\/[^"]*\/" > \S+$/);
      }
    }
  });

  /** The commands for each version, up to those that need npm's registry or a tenant. */
  function upgrade(): Ended {
    const commands = documentedCommands("upgrade", upstream);
    const merging = commands.filter((command) => command.startsWith("git "));
    assert.deepEqual(commands.slice(0, merging.length), merging);
    assert.equal(commands[merging.length], "npm ci --ignore-scripts");
    return runCommands(project, merging);
  }

  function run(commands: readonly string[]): void {
    succeeded(runCommands(project, commands));
  }

  function isUpgraded(): void {
    assert.equal(git(project, "status", "--porcelain"), "");
    for (const [path, content] of Object.entries(own)) {
      assert.deepEqual(readFileSync(join(project, path)), Buffer.from(content), path);
    }
    const { name, config } = parse(read("Pulumi.yaml")) as { readonly name: string; readonly config: object };
    assert.equal(name, "my-pictures");
    assert.ok("newInThisVersion" in config);
    assert.match(read("docs/images.md"), /Changed in 1\.1\.0/);
    assert.equal(existsSync(join(project, "CONTRIBUTING.md")), false);
    assert.equal(existsSync(join(project, "lib/new-in-this-version.ts")), true);
  }

  /** The new version's program, with the settings of the stack that is theirs. */
  function works(): void {
    linkPackages(project);
    const out = join(project, ".local/bundles");
    const pictures = join(project, "cli/pictures.js");
    execFileSync(process.execPath, [pictures, "bundle", "--stack", "dev", "--out", out], {
      env: { PATH: process.env["PATH"], HOME: folder },
      stdio: "pipe",
    });
    const actions = readdirSync(out).filter((name) => name.endsWith(".js"));
    assert.deepEqual(actions.sort(), ["default-picture.js", "user-picture.js"]);
    for (const name of actions) {
      const code = readFileSync(join(out, name), "utf8");
      assert.match(code, /own-dev-user-pictures/);
      assert.match(code, /1\.1\.0/);
    }
    assert.equal(git(project, "status", "--porcelain"), "");
  }

  function read(path: string): string {
    return readFileSync(join(project, path), "utf8");
  }

  function replaceIn(path: string, what: RegExp, by: string): void {
    writeFiles(project, { [path]: read(path).replace(what, by) });
  }
});

function succeeded({ status, output }: Ended): void {
  assert.equal(status, 0, output);
}

/** Files that are changed, new and gone, among them ones that the company has of its own. */
function makeNewVersion(folder: string): void {
  const edit = (path: string, what: RegExp | string, by: string) => {
    const text = readFileSync(join(folder, path), "utf8");
    writeFiles(folder, { [path]: text.replace(what, by) });
  };
  edit("package.json", /"version": "[^"]*"/, '"version": "1.1.0"');
  edit("CHANGELOG.md", /^# .*/, "# Changes");
  edit("docs/images.md", /$/, "\nChanged in 1.1.0.\n");
  edit("Pulumi.dev.yaml", /imageBucket: .*/, "imageBucket: another-example");
  edit("Pulumi.staging.yaml", /imageBucket: .*/, "imageBucket: another-example-staging");
  edit("Pulumi.yaml", /\n*$/, '\n  newInThisVersion:\n    description: Nothing yet.\n    default: ""\n');
  writeFiles(folder, {
    "lib/new-in-this-version.ts": "export const fresh = true;\n",
    "assets/default-picture.png": readFileSync(join(projectRoot, "docs/images/audit.png")),
  });
  rmSync(join(folder, "CONTRIBUTING.md"));
}
