import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pollUntil } from "../../../lib/clock.ts";
import { ownIdentity } from "../../../lib/process-identity.ts";
import { typescriptLoader } from "../../../lib/project.ts";
import { withInstallLock } from "../../../local/toolchain/install-lock.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const times = { poll: 10, heartbeat: 20, stale: 300 };

describe("withInstallLock", () => {
  const folder = temporaryFolder();
  const lockFile = (): string => join(folder(), "install.lock");
  const ignore = (): void => undefined;

  it("frees the lock when the body fails", async () => {
    const failing = withInstallLock(lockFile(), ignore, () => Promise.reject(new Error("no")), times);
    await assert.rejects(failing, /^Error: no$/);
    assert.deepEqual(readdirSync(folder()), []);
  });

  it("takes over at once from a process that is gone from this machine", async () => {
    const gone = spawn(process.execPath, ["--version"], { stdio: "ignore" });
    await once(gone, "exit");
    const reused = { ...ownIdentity(), startedAt: "0" };
    for (const owner of [{ pid: gone.pid, startedAt: "1" }, reused]) {
      writeFileSync(lockFile(), lockText(owner, hostname()));
      // Whoever waits for the heartbeat to stop is ended by the test runner.
      await withInstallLock(lockFile(), ignore, () => Promise.resolve(), { ...times, stale: 600_000 });
      assert.deepEqual(readdirSync(folder()), []);
    }
  });

  const withoutHeartbeat: Record<string, string> = {
    "of another machine": lockText({ pid: process.pid, startedAt: "1" }, "elsewhere"),
    "that stands still": lockText(ownIdentity(), hostname()),
    "of an earlier version of the project": JSON.stringify({
      token: "x",
      pid: process.pid,
      host: hostname(),
    }),
    "that left half a lock": '{"token":',
  };
  for (const [owner, content] of Object.entries(withoutHeartbeat)) {
    it(`takes over from a process ${owner} when its heartbeat stands still`, async () => {
      writeFileSync(lockFile(), content);
      const started = performance.now();
      await withInstallLock(lockFile(), ignore, () => Promise.resolve(), times);
      assert.ok(performance.now() - started >= times.stale);
      assert.deepEqual(readdirSync(folder()), []);
    });
  }

  it("waits for a holder whose heartbeat goes on, however long, and says so once", async () => {
    const order: string[] = [];
    const lines: string[] = [];
    const slow = withInstallLock(
      lockFile(),
      ignore,
      async () => {
        await delay(3 * times.stale);
        order.push("first");
      },
      times,
    );
    const second = withInstallLock(
      lockFile(),
      (line) => lines.push(line),
      () => Promise.resolve(order.push("second")),
      times,
    );
    await Promise.all([slow, second]);
    assert.deepEqual(order, ["first", "second"]);
    assert.equal(lines.length, 1);
  });
});

function lockText(owner: object, host: string): string {
  return JSON.stringify({ token: "x", process: owner, note: { host } });
}

describe("installations at the same time", () => {
  const folder = temporaryFolder();
  const log = (): string => join(folder(), "builds.log");
  let children: ChildProcess[];

  beforeEach(() => {
    children = [];
  });
  afterEach(() => {
    for (const child of children) child.kill("SIGKILL");
  });

  function startInstallation(buildMilliseconds: number): ChildProcess {
    const fixture = join(__dirname, "install-fixture.ts");
    const args = [
      "--require",
      typescriptLoader,
      fixture,
      join(folder(), "home"),
      log(),
      String(buildMilliseconds),
    ];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    children.push(child);
    return child;
  }

  const builds = (): number =>
    existsSync(log()) ? readFileSync(log(), "utf8").trim().split("\n").length : 0;

  it("build once, and all of them succeed", async () => {
    const codes = await Promise.all(
      [1, 2, 3].map(async () => {
        const [code] = (await once(startInstallation(300), "exit")) as [number | null];
        return code;
      }),
    );
    assert.deepEqual(codes, [0, 0, 0]);
    assert.equal(builds(), 1);
    assert.equal(readFileSync(join(folder(), "home", "bin", "slow"), "utf8"), "built slow");
  });

  it("go on when the one that builds is killed", async () => {
    const killed = startInstallation(60_000);
    assert.ok(await pollUntil(() => builds() > 0, { withinMs: 45_000 }));
    const waiting = startInstallation(0);
    await once(waiting.stdout!, "data");
    killed.kill("SIGKILL");
    const [code] = (await once(waiting, "exit")) as [number | null];
    assert.equal(code, 0);
    assert.equal(builds(), 2);
  });
});
