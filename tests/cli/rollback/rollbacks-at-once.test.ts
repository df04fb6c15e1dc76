import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { typescriptLoader } from "../../../lib/project.ts";
import { scopesOf } from "../../../stack/client-capabilities.ts";
import { pinFiles, readPins, type PinFiles } from "../../../stack/pins.ts";
import { rolledStack } from "./rolled-stack.ts";

/** A rollback in a process of its own, which is stopped before one of its requests until it may go on. */
interface Run {
  readonly files: PinFiles;
  /** Resolves when it has come to its stop, or to its end. */
  readonly stopped: Promise<unknown>;
  readonly goOn: () => void;
  /** An error's code, or `done`. */
  readonly outcome: Promise<string>;
}

/**
 * Before it lists the versions, deploys, reads what runs, and reads it again at its end. Before the first request nothing is
 * planned yet, and after the last one all is done: then one comes after the other.
 */
const stops = [1, 2, 3, 4];

describe("two rollbacks at once by processes that share no lock", () => {
  interface Gate {
    calls: number;
    readonly stopBefore: number;
    readonly reached: () => void;
    readonly open: Promise<void>;
  }
  /** By token: each process has its own. */
  const gates = new Map<string, Gate>();
  const stack = rolledStack(({ tenant }) => {
    gates.clear();
    tenant.app.addHook("onRequest", async ({ url, headers }: { url: string; headers: object }) => {
      const { authorization = "" } = headers as { readonly authorization?: string };
      const gate = url.startsWith("/api/v2/") ? gates.get(authorization) : undefined;
      if (gate === undefined) return;
      gate.calls += 1;
      if (gate.calls - 1 !== gate.stopBefore) return;
      gate.reached();
      await gate.open;
    });
  });
  const home = () => stack().env["PICTURES_STACK_FOLDER"] ?? "";

  async function start(to: number, stopBefore: number, clone: string): Promise<Run> {
    mkdirSync(clone, { recursive: true });
    if (clone !== home()) cpSync(join(home(), "Pulumi.local.yaml"), join(clone, "Pulumi.local.yaml"));
    const token = await stack().tenant.tokenWith(...scopesOf(["rollback"]));
    let goOn = (): void => undefined;
    let reached = (): void => undefined;
    const isReached = new Promise<void>((resolve) => (reached = resolve));
    const open = new Promise<void>((resolve) => (goOn = resolve));
    gates.set(`Bearer ${token}`, { calls: 0, stopBefore, reached, open });
    const env = {
      PICTURES_STACK_FOLDER: clone,
      XDG_STATE_HOME: join(home(), `state-${to}`),
      NODE_EXTRA_CA_CERTS: stack().env["NODE_EXTRA_CA_CERTS"],
      AUTH0_API_TOKEN: token,
    };
    const program = join(__dirname, "rollback-program.ts");
    const child = spawn(process.execPath, ["--require", typescriptLoader, program, String(to)], {
      env: { ...env, PATH: process.env["PATH"], TMPDIR: process.env["TMPDIR"] },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    const outcome = once(child, "close").then(() => output);
    return { files: pinFiles("local", env), stopped: Promise.race([isReached, outcome]), goOn, outcome };
  }

  const runningCode = async () => (await stack().action("user-picture")).deployed_version.code;
  const pinIn = ({ files }: Run) => readPins(files).pins[0];

  /** Starts one, then the other where the first one is stopped, and lets the first one go on where the second one is. */
  async function atOnce(first: number, second: number, clones: readonly [string, string]) {
    const one = await start(1, first, clones[0]);
    await one.stopped;
    const two = await start(2, second, clones[1]);
    await two.stopped;
    one.goOn();
    const outcomes = [await one.outcome];
    two.goOn();
    return { runs: [one, two], outcomes: [...outcomes, await two.outcome] };
  }

  for (const first of stops) {
    it(`leave one that is told that it is done, and is: the first one stopped before request ${first}`, async () => {
      for (const second of stops) {
        await stack().deploy(1);
        const clones = [join(home(), "one"), join(home(), "two")] as const;
        const { runs, outcomes } = await atOnce(first, second, clones);
        const what = `${first}, ${second}: ${outcomes.join(", ")}`;
        const done = runs.filter((_run, index) => outcomes[index] === "done");
        const pins = done.map((run) => pinIn(run)!).sort((a, b) => a.deployed.number - b.deployed.number);
        assert.equal(await runningCode(), pins.at(-1)?.code, what);
        // Both are done where the second one planned from what the first one had deployed.
        if (pins.length > 1) assert.equal(pins[1]!.replaced.number, pins[0]!.deployed.number, what);
        for (const [index, run] of runs.entries()) {
          if (done.includes(run)) continue;
          assert.equal(outcomes[index], "rollback-lost", what);
          assert.deepEqual(readPins(run.files), { pins: [], released: {} }, what);
        }
        for (const clone of clones) rmSync(clone, { recursive: true });
      }
    }).timeout(60_000);
  }

  it("agree with the pins that they share", async () => {
    for (const [first, second] of [
      [2, 3],
      [3, 2],
      [3, 4],
      [4, 4],
    ] as const) {
      await stack().deploy(1);
      const { runs, outcomes } = await atOnce(first, second, [home(), home()]);
      const what = `${first}, ${second}: ${outcomes.join(", ")}`;
      assert.equal(outcomes.filter((outcome) => outcome === "done").length, 1, what);
      const [run] = runs as [Run, Run];
      assert.equal(pinIn(run)?.code, await runningCode(), what);
      assert.ok(!existsSync(run.files.unfinished), what);
      rmSync(run.files.folder, { recursive: true });
    }
  }).timeout(60_000);
});
