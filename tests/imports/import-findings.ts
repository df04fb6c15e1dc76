import { createRequire } from "node:module";
import { join } from "node:path";
import type * as DependencyCruiser from "dependency-cruiser";
import type { IForbiddenRuleType, IViolation } from "dependency-cruiser";
import { projectRoot } from "../../lib/project.ts";
import { allowedWords, rooms, type Room } from "./rooms.ts";

/**
 * What is wrong with the imports of the TypeScript and JavaScript below `root`, a line for each: imports that
 * tests/imports/rooms.ts does not allow, Pulumi's packages too, files in no room, and cycles. `import type`, `import()` and `require()` of a fixed name
 * count. A file that is run or read by its path does not, and programs whose names have no extension are not read (the launchers of the
 * plugins).
 */
export async function importFindings(root = projectRoot): Promise<string[]> {
  const file = join(projectRoot, "loader/import-package.js");
  const { importPackage } = createRequire(file)(file) as {
    importPackage: (name: string) => Promise<unknown>;
  };
  const { cruise } = (await importPackage("dependency-cruiser")) as typeof DependencyCruiser;
  const { output } = await cruise(["."], {
    baseDir: root,
    validate: true,
    ruleSet: { forbidden: [...Object.entries(rooms).map(roomRule), pulumiRule, ...unlistedRules, cycleRule] },
    // Types too: by them a room depends on another just as much.
    tsPreCompilationDeps: true,
    exclude: { path: String.raw`^(\.local|pins)/` },
    doNotFollow: { path: "node_modules" },
  });
  if (typeof output === "string") throw new Error(output);
  return [...new Set(output.summary.violations.map(finding))].sort();
}

/** Only the room's own files and those that the list allows; packages and Node's modules too, unless the room is pure. */
function roomRule([name, { mayImport, pure }]: [string, Room]): IForbiddenRuleType {
  const pathNot = [name, ...mayImport].map(placeOf);
  return {
    name,
    severity: "error",
    from: { path: placeOf(name) },
    to: pure === true ? { pathNot } : { pathNot, dependencyTypes: ["local"] },
  };
}

/** A pattern of the paths in a room. A file that is a room by itself is in no other. */
function placeOf(name: string): string {
  if (/\.\w+$/.test(name)) return `^${literal(name)}$`;
  if (!name.endsWith("/*")) return `^${literal(name)}/`;
  const folder = name.slice(0, -1);
  const apart = Object.keys(rooms).filter((other) => other.startsWith(folder) && /\.\w+$/.test(other));
  return `^${folder}${apart.map((file) => `(?!${literal(file.slice(folder.length))}$)`).join("")}[^/]+$`;
}

function literal(text: string): string {
  return text.replaceAll(".", String.raw`\.`);
}

const pulumi = "Pulumi";

const pulumiRule: IForbiddenRuleType = {
  name: pulumi,
  severity: "error",
  from: {
    pathNot: Object.entries(rooms).flatMap(([name, room]) => (room.pulumi === true ? [placeOf(name)] : [])),
  },
  to: { path: "^(node_modules/)?@pulumi/" },
};

const unlisted = "no room";

/** A file in no room that imports something, and one that does not: the tool has no rule for both. */
const unlistedRules: readonly IForbiddenRuleType[] = [{}, { orphan: true }].map((kind) => ({
  name: unlisted,
  severity: "error",
  from: { ...kind, path: "", pathNot: [...Object.keys(rooms).map(placeOf), "node_modules"] },
  to: {},
}));

const cycle = "cycle";

const cycleRule: IForbiddenRuleType = {
  name: cycle,
  severity: "error",
  from: {},
  to: { circular: true },
};

function finding({ rule, from, to, cycle: path = [] }: IViolation): string {
  if (rule.name === cycle) {
    return `${[from, ...path.map(({ name }) => name)].join(" → ")}: a cycle. Move what both need to a file below them.`;
  }
  if (rule.name === unlisted) {
    return `${from}: its folder is in no room. Move it, or list the folder in tests/imports/rooms.ts.`;
  }
  if (rule.name === pulumi) {
    return `${from} → ${to}: its room may not import Pulumi. Move what is needed, or see tests/imports/rooms.ts.`;
  }
  const bare = rooms[rule.name]?.pure === true ? ", no package and nothing of Node" : "";
  return (
    `${from} → ${to}: ${rule.name} may import ${allowedWords(rule.name)}${bare}. ` +
    "Move what is needed, or widen the list in tests/imports/rooms.ts."
  );
}
