import type { RecordedResource } from "../record-program.ts";
import { inputPaths } from "../known-resources.ts";
import { code, markdownTable } from "./markdown-table.ts";

/** What each environment's run registered. */
export type RecordedEnvironments = Readonly<Record<string, readonly RecordedResource[]>>;

/** docs/resources.md: for each environment a table of what is created, as the mocks recorded it. */
export function resourcesPage(environments: RecordedEnvironments): string {
  const sections = Object.entries(environments).flatMap(([name, resources]) => [
    `## ${name}`,
    resourceTable(resources),
  ]);
  return [
    "# What each environment creates",
    "<!-- Written by `npm run docs` from what tests/record-stack.ts records. Do not edit. -->",
    introduction,
    ...sections,
    "",
  ].join("\n\n");
}

const introduction = `Every resource of each example of a stack in this repository, with its inputs, as the program registers them against mocks. Values that a provider
computes are those of the mocks: an id is \`NAME-id\`. For long values only the name is shown. Components
(\`auth0-user-pictures:…\`) and providers group and configure other resources; they create nothing themselves.`;

/** Sorted: the order of registration is the order of promises. */
function resourceTable(resources: readonly RecordedResource[]): string {
  const rows = resources
    .map(({ type, name, inputs, isProtected }) => [
      code(type),
      code(name),
      isProtected ? "yes" : "",
      inputPaths(inputs).map(inputText).join("<br>"),
    ])
    .toSorted(([a = "", b = ""], [c = "", d = ""]) => compare(`${a} ${b}`, `${c} ${d}`));
  return markdownTable(["type", "name", "protected", "inputs"], rows);
}

/** Not by locale: the page must come out the same on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

const longest = 100;

/** Code, policies and files change without the environment's changing: only that they are there is said. */
function inputText([path, value]: [path: string, value: unknown]): string {
  if (path === "") return "";
  // The one value that another name of the project changes: the page must be right in every copy.
  if (path === "tags.project") return `${code(path)}: the project's name`;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const isShown = isPlain(value) && text.length <= longest && !text.includes("\n");
  return isShown ? `${code(path)}: ${code(text)}` : code(path);
}

function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((item) => typeof item !== "object");
  return typeof value !== "object";
}
