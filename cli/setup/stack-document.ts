import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import {
  isMap,
  isNode,
  isScalar,
  parseDocument,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from "yaml";
import { replaceFile } from "../../lib/durable-file.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { configKeys } from "../../stack/config-keys.ts";
import { configNamespace } from "../../stack/read-config.ts";

/** A change of a stack's file: values by key without namespace; undefined removes the key. */
export type StackFileChange = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Writes values into a stack's file, and makes it where there is none; see {@link changedText}.
 *
 * @throws ExpectedError `stack-file-not-written`.
 */
export async function changeStackFile(file: string, stack: string, change: StackFileChange): Promise<void> {
  const target = existsSync(file) ? realpathSync(file) : file;
  const former = existsSync(target) ? readFileSync(target, "utf8") : "";
  const mode = existsSync(target) ? { mode: statSync(target).mode & 0o777 } : {};
  try {
    await replaceFile(target, changedText(former, stack, change), mode);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ExpectedError("stack-file-not-written", `${file} cannot be written: ${why}.`, { cause });
  }
}

/**
 * A stack's file with other values. Every other byte stays, comments, encrypted values and what Pulumi keeps there; but not the
 * line that says of an example that it is one. A new key has what it decides as its comment.
 *
 * @param former A stack's file that can be read, or nothing.
 */
export function changedText(former: string, stack: string, change: StackFileChange): string {
  const header = `# Stack ${stack}. Every key is in docs/configuration.md; what is not here has its default.\n`;
  const headed = former.trim() === "" ? header : former.replace(exampleHeader, header);
  const text = withBlockConfig(headed);
  const config = configIn(parseDocument(text));
  const splices = Object.entries(change).flatMap(([key, value]) => spliceOf(text, config, key, value) ?? []);
  // From the end, so that the places before stay where they are; keys that are added at the same place keep their order.
  return splices
    .map((splice, index) => ({ ...splice, index }))
    .toSorted((a, b) => b.from - a.from || b.index - a.index)
    .reduce((changed, { from, to, text: put }) => changed.slice(0, from) + put + changed.slice(to), text);
}

/** The comment at the head of the files that come with the project. */
const exampleHeader = /^# An example of stack .*\n(?:#.*\n)*/;

/** Of whole lines, and with a `config` whose keys are on lines of their own, or which is empty. */
function withBlockConfig(given: string): string {
  const text = given.endsWith("\n") ? given : `${given}\n`;
  const document = parseDocument(text);
  const config: unknown = document.get("config", true);
  if (isMap(config) && config.flow === true && config.items.length > 0) {
    config.flow = false;
    return document.toString({ lineWidth: 0 });
  }
  if (isMap(config) && config.items.length > 0) return text;
  const pair = isMap(document.contents) ? pairNamed(document.contents, ["config"]) : undefined;
  if (pair === undefined) return `${text}config:\n`;
  const [from, to] = rangeOf(pair.value);
  return `${text.slice(0, from).trimEnd()}${text.slice(to)}`;
}

function configIn(document: Document): Pair {
  const pair = isMap(document.contents) ? pairNamed(document.contents, ["config"]) : undefined;
  if (pair === undefined) throw new Error("The text has no config.");
  return pair;
}

/** Instead of the text between the two places. */
interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

function spliceOf(
  text: string,
  config: Pair,
  key: string,
  value: string | readonly string[] | undefined,
): Splice | undefined {
  const map = isMap(config.value) ? config.value : undefined;
  // Pulumi takes a key with its namespace and without.
  const pair = map === undefined ? undefined : pairNamed(map, [key, `${configNamespace}:${key}`]);
  if (pair === undefined) return value === undefined ? undefined : added(text, config, key, value);
  const [from, to] = rangeOf(pair.value);
  if (value === undefined) return withoutLines(text, rangeOf(pair.key)[0], to);
  const keyEnd = rangeOf(pair.key)[1];
  // A list may begin on the next line, and an empty value right after the colon.
  if (/^:\s*$/.test(text.slice(keyEnd, from))) return { from: keyEnd, to, text: `: ${asYaml(value)}` };
  return { from, to, text: asYaml(value) };
}

/** After the last key's line. */
function added(text: string, config: Pair, key: string, value: string | readonly string[]): Splice {
  const last = isMap(config.value) ? config.value.items.at(-1) : undefined;
  const end = last === undefined ? rangeOf(config.key)[1] : rangeOf(last.value)[1];
  const start = last === undefined ? 0 : rangeOf(last.key)[0];
  const indent = last === undefined ? "  " : text.slice(text.lastIndexOf("\n", start) + 1, start);
  const at = text.indexOf("\n", end) + 1;
  const lines = [`# ${descriptionOf(key)}`, `${configNamespace}:${key}: ${asYaml(value)}`];
  return { from: at, to: at, text: lines.map((line) => `${indent}${line}\n`).join("") };
}

/** The key's lines, and the comment right above them, which is about it. */
function withoutLines(text: string, start: number, end: number): Splice {
  let from = text.lastIndexOf("\n", start) + 1;
  for (;;) {
    const before = text.lastIndexOf("\n", from - 2) + 1;
    if (from === 0 || !/^[ \t]+#/.test(text.slice(before, from))) break;
    from = before;
  }
  return { from, to: text.indexOf("\n", Math.max(start, end - 1)) + 1, text: "" };
}

function pairNamed(map: YAMLMap, names: readonly string[]): Pair | undefined {
  return map.items.find(({ key }) => isScalar(key) && names.includes(String(key.value)));
}

/** Where a node's own text begins and ends. */
function rangeOf(node: unknown): readonly [from: number, to: number] {
  const range = isNode(node) ? (node as Node).range : undefined;
  if (range === undefined || range === null) throw new Error("The node is not from a text.");
  return [range[0], range[1]];
}

/** JSON is YAML. A text is in quotes only where YAML would take it for something else, as an account for a number. */
function asYaml(value: string | readonly string[]): string {
  if (typeof value !== "string") return `[${value.map((item) => JSON.stringify(item)).join(", ")}]`;
  const isPlain =
    /^[a-z][\w.-]*(:\d+)?$/i.test(value) && !/^(true|false|null|yes|no|on|off|[yn])$/i.test(value);
  return isPlain ? value : JSON.stringify(value);
}

function descriptionOf(key: string): string {
  return (configKeys as Readonly<Record<string, { readonly description: string }>>)[key]?.description ?? "";
}
