import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot, projectVersion, typescriptLoader } from "../../lib/project.ts";
import { releaseNotes } from "../../release/notes.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const changelog = `# Changelog

## [Unreleased]

- Not yet.

## [1.1.0] - 2026-12-24

### Added

- A picture.

## [1.0.0] - 2026-11-27

- Everything.
`;

describe("the notes of a release", () => {
  const wrong: readonly [what: string, tag: string, text: string, code: string][] = [
    ["a tag of another version", "v1.2.0", changelog, "release-tag-differs"],
    ["a tag without v", "1.1.0", changelog, "release-tag-differs"],
    ["a tag with more behind the version", "v1.1.0-rc.1", changelog, "release-tag-differs"],
    ["no section", "v1.1.0", changelog.replace("[1.1.0]", "[1.0.9]"), "release-notes-missing"],
    [
      "a section of a version that only begins alike",
      "v1.1.0",
      changelog.replace("1.1.0", "1.1.0-rc.1"),
      "release-notes-missing",
    ],
    ["a section without a date", "v1.1.0", changelog.replace(" - 2026-12-24", ""), "release-date-missing"],
    [
      "a section with headings only",
      "v1.1.0",
      changelog.replace("- A picture.\n", ""),
      "release-notes-empty",
    ],
    ["an empty file", "v1.1.0", "", "release-notes-missing"],
  ];
  for (const [what, tag, text, code] of wrong) {
    it(`are refused for ${what}`, () => {
      assert.throws(() => releaseNotes({ tag, version: "1.1.0", changelog: text }), { code });
    });
  }

  it("are the section of that version, up to the next one", () => {
    assert.equal(releaseNotes({ tag: "v1.1.0", version: "1.1.0", changelog }), "### Added\n\n- A picture.\n");
  });

  it("are found in the last section, and with the line ends of Windows", () => {
    const release = { tag: "v1.0.0", version: "1.0.0", changelog: changelog.replaceAll("\n", "\r\n") };
    assert.equal(releaseNotes(release), "- Everything.\n");
  });
});

describe("npm run release-notes", () => {
  const folder = temporaryFolder();

  it("writes no file for a wrong tag, and says what to do", () => {
    const file = join(folder(), "notes.md");
    const { status, stderr } = run("v0.0.1", file);
    assert.equal(status, 1);
    assert.match(stderr, /The tag is v0\.0\.1, .*\[release-tag-differs\]/s);
    assert.equal(existsSync(file), false);
  });

  it("ends with 3 where it is not told where to write", () => {
    const { status, stderr } = run("v1.0.0");
    assert.equal(status, 3);
    assert.match(stderr, /Usage: npm run release-notes -- TAG FILE/);
  });

  it("writes the notes of the version that the project has", () => {
    const file = join(folder(), "notes.md");
    const { status, stderr } = run(`v${projectVersion()}`, file);
    assert.equal(status, 0, stderr);
    assert.match(readFileSync(file, "utf8"), /^- /m);
  });

  function run(...args: readonly string[]): { readonly status: number | null; readonly stderr: string } {
    const program = join(projectRoot, "release/main.ts");
    return spawnSync(process.execPath, ["--require", typescriptLoader, program, ...args], {
      encoding: "utf8",
    });
  }
});

describe("the project's version", () => {
  const read = (name: string) => readFileSync(join(projectRoot, name), "utf8");

  it("is the same in package.json, both places of package-lock.json, and the changelog's newest section", () => {
    const lock = JSON.parse(read("package-lock.json")) as {
      readonly version: string;
      readonly packages: Readonly<Record<string, { readonly version?: string }>>;
    };
    const version = projectVersion();
    assert.deepEqual([lock.version, lock.packages[""]?.version], [version, version]);
    const [newest] = [...read("CHANGELOG.md").matchAll(/^## \[(\d[^\]]*)\]/gm)].map(([, found]) => found);
    assert.equal(newest, version);
  });
});
