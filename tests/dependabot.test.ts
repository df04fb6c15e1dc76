import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../lib/project.ts";
import { literalsOf } from "./docs/test-titles.ts";

interface Group {
  readonly patterns?: readonly string[];
  readonly "exclude-patterns"?: readonly string[];
  readonly "dependency-type"?: "development" | "production";
  readonly "update-types"?: readonly string[];
}

interface Update {
  readonly "package-ecosystem": string;
  readonly directory?: string;
  readonly directories?: readonly string[];
  readonly schedule: { readonly interval: string };
  readonly groups?: Readonly<Record<string, Group>>;
}

const text = readFileSync(join(projectRoot, ".github/dependabot.yml"), "utf8");
const { version, updates, ...others } = parse(text) as {
  readonly version: unknown;
  readonly updates: readonly Update[];
};

/** Which files say what a folder depends on, for Dependabot. Of actions it finds the workflows from the root. */
const manifests: Readonly<Record<string, RegExp>> = {
  npm: /(?:^|\/)package\.json$/,
  gomod: /(?:^|\/)go\.mod$/,
  "github-actions": /^\.github\/(?:workflows\/[\w-]+\.ya?ml|actions\/[\w-]+\/action\.ya?ml)$/,
};

describe("Dependabot's settings", () => {
  it("have no anchors and aliases, which Dependabot refuses", () => {
    assert.doesNotThrow(() => parse(text, { maxAliasCount: 0 }) as unknown);
  });

  it("have only what GitHub knows: a wrong key makes it ignore the file", () => {
    assert.deepEqual([version, others], [2, {}]);
    for (const update of updates) {
      const { directory, directories, schedule, ...more } = update;
      assert.equal([directory, directories].filter((place) => place !== undefined).length, 1);
      assert.deepEqual(schedule, { interval: "weekly" });
      onlyKeys(more, ["package-ecosystem", "cooldown", "groups", "ignore"]);
      for (const group of Object.values(update.groups ?? {})) {
        onlyKeys(group, ["patterns", "exclude-patterns", "dependency-type", "update-types"]);
      }
    }
  });

  for (const [ecosystem, manifest] of Object.entries(manifests)) {
    it(`name every folder of ${ecosystem}, and no other, once`, () => {
      const named = updates
        .filter((update) => update["package-ecosystem"] === ecosystem)
        .flatMap(({ directory, directories }) => directories ?? [directory ?? ""]);
      const there = filesIn("").filter((file) => manifest.test(file));
      assert.deepEqual(named, [...new Set(there.map(place))].sort());
    });
  }

  it("name no other kind of package, and the project has none", () => {
    const kinds = updates.map((update) => update["package-ecosystem"]);
    assert.deepEqual(kinds, Object.keys(manifests));
    const unknown = /(?:^|\/)(?:Dockerfile|requirements\.txt|Cargo\.toml|Gemfile|pom\.xml|\.gitmodules)$/;
    assert.deepEqual(
      filesIn("").filter((file) => unknown.test(file)),
      [],
    );
  });

  it("have Pulumi's packages in one group, and no other package in it", () => {
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(join(projectRoot, "package.json"), "utf8"),
    ) as Record<string, Record<string, string>>;
    const groups = updates.find((update) => update["package-ecosystem"] === "npm")?.groups ?? {};
    for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
      const development = devDependencies?.[name] !== undefined;
      // The first group that takes a package has it.
      const group = Object.entries(groups).find(([, rules]) => takes(rules, name, development))?.[0];
      assert.equal(group === "pulumi", name.startsWith("@pulumi/"), name);
    }
  });
});

describe("docs/decisions/0025-upkeep.md", () => {
  it("names tests that are there for what Dependabot does not see", () => {
    const page = readFileSync(join(projectRoot, "docs/decisions/0025-upkeep.md"), "utf8");
    const named = [...page.matchAll(/`(pins|the GitHub workflows) ([^`…]+)/g)];
    assert.ok(named.length >= 6);
    const files = {
      pins: "tests/local/toolchain/pins.test.ts",
      "the GitHub workflows": "tests/workflows.test.ts",
    };
    for (const [, suite, title = ""] of named) {
      const literals = literalsOf(
        readFileSync(join(projectRoot, files[suite as keyof typeof files]), "utf8"),
      );
      assert.ok(
        literals.some((literal) => literal.startsWith(title.trim())),
        title,
      );
    }
  });
});

function onlyKeys(value: object, known: readonly string[]): void {
  assert.deepEqual(
    Object.keys(value).filter((key) => !known.includes(key)),
    [],
  );
}

function takes(group: Group, name: string, development: boolean): boolean {
  const matches = (patterns: readonly string[]) =>
    patterns.some((pattern) =>
      pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
    );
  if (group["dependency-type"] === "development" && !development) return false;
  if (group["dependency-type"] === "production" && development) return false;
  return matches(group.patterns ?? ["*"]) && !matches(group["exclude-patterns"] ?? []);
}

/** As Dependabot names the folder of a file. */
function place(file: string): string {
  if (file.startsWith(".github/workflows/")) return "/";
  const folder = dirname(file);
  return folder === "." ? "/" : `/${folder}`;
}

/** The project's own files, by their path in it. */
function filesIn(folder: string): string[] {
  return readdirSync(join(projectRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return /^(?:node_modules|\.git|\.local|pins)$/.test(path) ? [] : filesIn(path);
    return [path];
  });
}
