import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { temporaryFolder } from "../temporary-folder.ts";
import { importFindings } from "./import-findings.ts";
import { rooms } from "./rooms.ts";

const names = Object.keys(rooms);

/** The findings are told in words; this is what they are about. */
function about(findings: readonly string[]): string[] {
  return findings.map((finding) => finding.replace(/: .*/, ""));
}

describe("the rule of what may import what", () => {
  const folder = temporaryFolder();

  function write(files: Readonly<Record<string, string>>): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder(), path)), { recursive: true });
      writeFileSync(join(folder(), path), content);
    }
  }

  it("names only rooms that there are", () => {
    for (const [name, { mayImport }] of Object.entries(rooms)) {
      assert.deepEqual(
        mayImport.filter((other) => !names.includes(other)),
        [],
        name,
      );
    }
  });

  it("finds each import of each room in each other that the list does not allow, and no other", async () => {
    for (const name of names) {
      const others = names.filter((other) => other !== name).map((other) => planted(other, "imported"));
      const from = planted(name, "importing");
      const imports = others.map((to) => `import ${JSON.stringify(relativeImport(from, to))};\n`);
      write({ [planted(name, "imported")]: "export {};\n", [from]: imports.join("") });
    }
    const wrong = names.flatMap((name) =>
      names
        .filter((other) => other !== name && rooms[name]?.mayImport.includes(other) === false)
        .map((other) => `${planted(name, "importing")} → ${planted(other, "imported")}`),
    );
    const found = (await importFindings(folder())).filter((finding) => !finding.includes(": a cycle."));
    assert.deepEqual(about(found), wrong.sort());
  });

  const never = [
    ["policy/a.ts", "lib/b.ts"],
    ["actions/a.ts", "stack/b.ts"],
    ["lib/a.ts", "stack/b.ts"],
    ["stack/a.ts", "infra/b.ts"],
    ["auth0/a.ts", "policy/b.ts"],
    ["infra/a.ts", "cli/b.ts"],
    ["index.ts", "cli/people/b.ts"],
    ["cli/a.ts", "infra/b.ts"],
    ["cli/people/a.ts", "infra/b.ts"],
    ["cli/people/a.ts", "cli/bulk/b.ts"],
    ["cli/audit/a.ts", "local/start/b.ts"],
    ["sandbox/child/a.ts", "policy/b.ts"],
    ["tenant/management/a.ts", "policy/b.ts"],
    ["plugins/aws/a.ts", "plugins/userpictures/b.ts"],
    ["local/page/a.ts", "stack/b.ts"],
    ["loader/a.js", "lib/b.ts"],
    ["examples/app-upload/a.ts", "lib/b.ts"],
    ["bench/a.ts", "tests/b.ts"],
    ["cli/people/a.ts", "tests/b.ts"],
  ] as const;

  it("never lets the list allow what decisions rule out", async () => {
    const importing: Record<string, string> = {};
    for (const [from, to] of never) {
      write({ [to]: "export {};\n" });
      importing[from] = `${importing[from] ?? ""}import ${JSON.stringify(relativeImport(from, to))};\n`;
    }
    write(importing);
    const found = await importFindings(folder());
    assert.deepEqual(about(found), never.map(([from, to]) => `${from} → ${to}`).sort());
  });

  const ways = {
    "an import": ["ts", 'import { b } from "../lib/b.ts";\nb();\n'],
    "an import for its effect": ["ts", 'import "../lib/b.ts";\n'],
    "an export from": ["ts", 'export { b } from "../lib/b.ts";\n'],
    "a type": ["ts", 'import type { B } from "../lib/b.ts";\nexport type C = B;\n'],
    "a type in an expression": ["ts", 'export type C = import("../lib/b.ts").B;\n'],
    "import()": ["ts", 'export async function c() { await import("../lib/b.ts"); }\n'],
    "require() in TypeScript": ["ts", 'export const { b } = require("../lib/b.ts");\n'],
    "import = require()": ["ts", 'import b = require("../lib/b.ts");\nb.b();\n'],
    "require() in JavaScript": ["js", 'const { b } = require("../lib/b.ts");\nb();\n'],
  } as const;

  for (const [way, [extension, content]] of Object.entries(ways)) {
    it(`finds ${way}`, async () => {
      const from = `policy/a.${extension}`;
      write({ "lib/b.ts": "export function b(): void {}\nexport interface B {}\n", [from]: content });
      assert.deepEqual(about(await importFindings(folder())), [`${from} → lib/b.ts`]);
    });
  }

  it("finds packages, and what Node has, where a room is pure", async () => {
    write({ "policy/a.ts": 'import { readFileSync } from "node:fs";\nreadFileSync("");\n' });
    write({ "lib/a.ts": 'import { readFileSync } from "node:fs";\nreadFileSync("");\n' });
    assert.deepEqual(about(await importFindings(folder())), ["policy/a.ts → fs"]);
  });

  it("finds Pulumi where a room may not load it, its types too", async () => {
    const imports = 'import type { Output } from "@pulumi/pulumi";\nexport type A = Output<string>;\n';
    write({ "cli/people/a.ts": imports, "stack/a.ts": imports, "infra/a.ts": imports });
    assert.deepEqual(about(await importFindings(folder())), [
      "cli/people/a.ts → @pulumi/pulumi",
      "stack/a.ts → @pulumi/pulumi",
    ]);
  });

  it("finds files in no room, whether or not they import and are imported", async () => {
    write({
      "utils/alone.ts": "export {};\n",
      "utils/importing.ts": 'import "../lib/b.ts";\n',
      "utils/imported.ts": "export {};\n",
      "cli/new-feature/command.ts": "export {};\n",
      "program.ts": "export {};\n",
      "lib/b.ts": "export {};\n",
      "lib/importing.ts": 'import "../utils/imported.ts";\n',
    });
    assert.deepEqual(about(await importFindings(folder())), [
      "cli/new-feature/command.ts",
      "lib/importing.ts → utils/imported.ts",
      "program.ts",
      "utils/alone.ts",
      "utils/importing.ts",
    ]);
  });

  it("finds a cycle of files, through types too", async () => {
    write({
      "lib/a.ts": 'import type { B } from "./b.ts";\nexport type A = B;\n',
      "lib/b.ts": 'import { c } from "./c.ts";\nexport type B = typeof c;\n',
      "lib/c.ts": 'import type { A } from "./a.ts";\nexport const c: A | undefined = undefined;\n',
    });
    const found = await importFindings(folder());
    assert.ok(found.length > 0);
    for (const finding of found) assert.match(finding, /^lib\/\w\.ts → .*: a cycle\./);
  });

  it("says what is wrong, what is allowed and what to do", async () => {
    write({ "lib/b.ts": "export {};\n", "actions/a.ts": 'import "../lib/b.ts";\n' });
    assert.deepEqual(await importFindings(folder()), [
      "actions/a.ts → lib/b.ts: actions may import policy, no package and nothing of Node. " +
        "Move what is needed, or widen the list in tests/imports/rooms.ts.",
    ]);
  });
});

/** A file of the room. A room that is one file is both. */
function planted(name: string, file: string): string {
  if (/\.\w+$/.test(name)) return name;
  return name.endsWith("/*") ? name.replace("*", `${file}.ts`) : `${name}/${file}.ts`;
}

function relativeImport(from: string, to: string): string {
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith(".") ? path : `./${path}`;
}
