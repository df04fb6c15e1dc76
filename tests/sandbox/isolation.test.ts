import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pollUntil } from "../../lib/clock.ts";
import { processStatus } from "../../lib/process-identity.ts";
import { startFlowProcess, type FlowProcess } from "../../sandbox/flow-process.ts";
import { auth0TimeLimit, frame, requestKinds } from "../../sandbox/frames.ts";
import { isolation, weakDoors, weaknessWords, type Layers } from "../../sandbox/isolation.ts";
import { action } from "./action.ts";

const none: Layers = { permissions: false, networkPermission: false, limits: false, namespaces: false };

describe("weakDoors()", () => {
  const cases: [string, Partial<Layers>, string[]][] = [
    ["all layers", { permissions: true, networkPermission: true, limits: true, namespaces: true }, []],
    ["all layers but Node's for the network", { permissions: true, limits: true, namespaces: true }, []],
    [
      "Node's permissions and the kernel's limits",
      { permissions: true, networkPermission: true, limits: true },
      ["names of files"],
    ],
    [
      "Node's permissions alone",
      { permissions: true, networkPermission: true },
      [
        "names of files",
        "contents of files",
        "the network",
        "unix sockets",
        "child processes",
        "workers",
        "native code",
      ],
    ],
  ];
  for (const [what, layers, weak] of cases) {
    it(`finds ${weak.length === 0 ? "none" : weak.join(", ")} with ${what}`, () => {
      assert.deepEqual(weakDoors({ ...none, ...layers }), weak);
      assert.equal(weaknessWords({ ...none, ...layers }) === undefined, weak.length === 0);
    });
  }
});

describe("A process of the sandbox", () => {
  let started: FlowProcess;
  beforeEach(async () => {
    started = startFlowProcess(
      { actions: [action("await new Promise(() => {})")], timeLimit: auth0TimeLimit },
      { env: { AUTH0_USER_PICTURES_RUN: "run" } },
    );
    await started.ready;
  });
  afterEach(() => started.kill());

  const proc = (...path: string[]): string => join("/proc", String(started.pid), ...path);

  it("ends where its code does not come", async () => {
    const lost = startFlowProcess(Promise.reject(new Error("no such Action")));
    await assert.rejects(lost.ready, /no such Action/);
    await assert.rejects(lost.request(frame(requestKinds.batch, ""), 1000), /no such Action/);
    assert.equal(lost.isUsable(), false);
    await lost.kill();
  });

  it("has nothing of the environment but the run's mark", function () {
    if (process.platform !== "linux") this.skip();
    const names = readFileSync(proc("environ"), "utf8")
      .split("\0")
      .map((entry) => entry.split("=")[0] ?? "")
      // What it is started with, and what a shell says of itself.
      .filter((name) => !["", "TZ", "UV_THREADPOOL_SIZE", "PWD", "OLDPWD", "SHLVL", "_"].includes(name));
    assert.deepEqual(names, ["AUTH0_USER_PICTURES_RUN"]);
  });

  it("has no descriptor but its pipes and what Node's loop needs", function () {
    if (process.platform !== "linux") this.skip();
    const open = readdirSync(proc("fd")).map((fd) => readlinkSync(proc("fd", fd)));
    const files = open.filter((name) => !/^(socket|pipe|anon_inode):|^\/dev\/null$/.test(name));
    assert.deepEqual(files, []);
    assert.equal(open.filter((name) => name.startsWith("socket:")).length, 2);
  });

  it("has no capability and can get none", function () {
    const { layers, command } = isolation();
    if (process.platform !== "linux" || (!layers.namespaces && command === process.execPath)) this.skip();
    const status = readFileSync(proc("status"), "utf8");
    for (const set of ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]) {
      assert.match(status, new RegExp(`^${set}:\\s+0+$`, "m"), set);
    }
    assert.match(status, /^NoNewPrivs:\s+1$/m);
  });

  it("is not the user that started it, where that is root", function () {
    if (process.platform !== "linux" || process.getuid?.() !== 0) this.skip();
    assert.match(readFileSync(proc("status"), "utf8"), /^Uid:\s+65534\s+65534\s+65534\s+65534$/m);
  });

  it("that is killed from outside ends its login, and is of no more use", async () => {
    const login = assert.rejects(started.request(frame(requestKinds.run, Uint8Array.of(0), "{}"), 10_000), {
      why: "ended",
    });
    process.kill(started.pid ?? 0, "SIGKILL");
    await login;
    assert.equal(started.isUsable(), false);
  });

  it("has no descriptor that a shell has left open for its parent", async function () {
    if (process.platform !== "linux") this.skip();
    // Node shuts the lowest ones of a program that it starts, but not those behind a gap.
    const parent = startLooping(`exec 63<"${__filename}"; `);
    try {
      const pid = await pidOf(parent);
      const open = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
      assert.ok(!open.includes(__filename), open.join());
    } finally {
      parent.kill("SIGKILL");
    }
  });

  it("in an endless loop ends together with a parent that is killed with -9", async function () {
    // Elsewhere only a process that waits notices.
    if (process.platform !== "linux") this.skip();
    const parent = startLooping();
    const pid = await pidOf(parent);
    assert.notEqual(processStatus(pid), undefined);
    parent.kill("SIGKILL");
    const ended = await pollUntil(() => processStatus(pid) === undefined, { withinMs: 45_000 });
    assert.ok(ended);
  });
});

/** A program that has a process of the sandbox in an endless loop; `first` is what its shell does before. */
function startLooping(first = ""): ChildProcess {
  const loader = join(__dirname, "../../loader/typescript.js");
  const command = [process.execPath, "--require", loader, join(__dirname, "looping-program.ts")];
  return spawn("bash", ["-c", `${first}exec "$0" "$@"`, ...command], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Of the sandbox's process. */
async function pidOf(parent: ChildProcess): Promise<number> {
  assert.ok(parent.stdout);
  const [line] = (await once(createInterface(parent.stdout), "line")) as [string];
  return Number(line);
}
