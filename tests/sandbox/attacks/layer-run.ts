import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { isolation, type Layers } from "../../../sandbox/isolation.ts";
import { limitProcess } from "../../../sandbox/kernel-limits.ts";
import { isRecord, parseJson, type JsonRecord } from "../../../lib/json.ts";
import type { Attempt } from "./attempt.ts";
import type { Targets } from "./targets.ts";

/** The layers that can be had alone; `none` for the control: the same user without any. */
export type OneLayer = "none" | "permissions" | "limits" | "namespaces";

/** What became of one attempt. */
export interface Tried {
  readonly name: string;
  /** What it got hold of or touched; undefined where nothing was. */
  readonly got?: string;
  /** What it was told instead. */
  readonly words: string;
}

/** The layer of `Layers` by which a layer that stands alone closes this. */
export function oneLayerOf(layer: keyof Layers): Exclude<OneLayer, "none"> {
  return layer === "networkPermission" ? "permissions" : layer;
}

/** How long one attempt may take in its process. */
const attemptMs = 1500;
const longestMs = 30_000;

/** Makes the attempts in a plain process with one layer; another process goes on where one ends. */
export async function runInLayer(
  layer: OneLayer,
  attempts: readonly Attempt[],
  targets: Targets,
): Promise<Tried[]> {
  const tried: Tried[] = [];
  let left = [...attempts];
  while (left.length > 0) {
    const [first] = left;
    const together = first?.alone === true ? [first] : left.filter(({ alone }) => alone !== true);
    const now = await inOneProcess(layer, together, targets);
    tried.push(...now);
    const done = new Set(now.map(({ name }) => name));
    left = left.filter(({ name }) => !done.has(name));
  }
  return tried;
}

/** At least one attempt further: that during which the process ended. */
async function inOneProcess(
  layer: OneLayer,
  attempts: readonly Attempt[],
  targets: Targets,
): Promise<Tried[]> {
  const child = start(layer, program(attempts, targets), targets);
  // A process that is gone says so by its end.
  child.stdin.on("error", () => undefined);
  const tried: Tried[] = [];
  const closed = once(child, "close");
  const timer = setTimeout(() => child.kill("SIGKILL"), longestMs);
  let said = "";
  for await (const line of createInterface(child.stdout)) {
    const message = parseJson(line);
    if (!isRecord(message)) {
      said += line;
      continue;
    }
    if (message["ready"] !== true) tried.push(judged(message, targets));
    else {
      // Of an earlier process, something may have arrived late.
      targets.touched();
      if (layer === "limits") await limitProcess(child.pid ?? 0, isolation());
    }
    child.stdin.write("\n");
  }
  await closed;
  clearTimeout(timer);
  const next = attempts[tried.length];
  if (next) {
    const got = said.includes(targets.proof) ? "another program spoke" : targets.touched();
    tried.push({ name: next.name, words: "the process ended", ...(got === undefined ? {} : { got }) });
  }
  return tried;
}

function judged({ name, returned, threw }: JsonRecord, targets: Targets): Tried {
  const found = typeof returned === "string" ? returned : "";
  const isSecret = found.includes(targets.secret) || found.includes(targets.proof);
  const got = isSecret ? "it got what it was after" : targets.touched();
  return { name: String(name), words: String(threw ?? returned), ...(got === undefined ? {} : { got }) };
}

/** Each attempt's name with what it returned or threw, a line each. Waits after its start until its limits are set. */
function program(attempts: readonly Attempt[], { prelude }: Targets): string {
  const functions = attempts.map(({ name, code }) => `[${JSON.stringify(name)}, async () => {${code}\n}]`);
  return `${prelude}
    const { readSync, writeSync } = require("fs");
    const say = (message) => writeSync(1, JSON.stringify(message) + "\\n");
    const attempts = [${functions.join(",\n")}];
    process.on("uncaughtException", () => {});
    const main = async () => {
      new Date().toString();
      await new Promise((resolve) => require("crypto").randomBytes(1, resolve));
      say({ ready: true });
      const wait = () => readSync(0, Buffer.alloc(1));
      wait();
      for (const [name, attempt] of attempts) {
        const late = new Promise((resolve, reject) => setTimeout(() => reject(new Error("it took too long")), ${attemptMs}));
        try { say({ name, returned: String(await Promise.race([attempt(), late])) }); }
        catch (error) { say({ name, threw: String(error?.message ?? error).slice(0, 300) }); }
        // Before the next one it is looked at what this one has touched.
        wait();
      }
      process.exit(0);
    };
    main();`;
}

function start(
  layer: OneLayer,
  script: string,
  { node }: Targets,
): ChildProcessByStdio<Writable, Readable, null> {
  const { command, args, sameUser } = isolation();
  const flags = args.findIndex((arg) => /^--(experimental-)?permission$/.test(arg));
  const [permission = "", ...others] = args.slice(flags);
  const commands: Readonly<Record<OneLayer, readonly string[]>> = {
    none: [...sameUser, node, "--no-warnings"],
    permissions: [node, permission, ...others],
    limits: [...sameUser, node, ...others],
    namespaces: [command, ...args.slice(0, flags), ...others],
  };
  const [program = "", ...rest] = commands[layer];
  return spawn(program, [...rest, "--eval", script], {
    // As in startFlowProcess: a small pool of threads, since none can be started later.
    env: { UV_THREADPOOL_SIZE: "2" },
    cwd: "/",
    stdio: ["pipe", "pipe", "ignore"],
  });
}
