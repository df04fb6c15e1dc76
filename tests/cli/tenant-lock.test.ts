import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { typescriptLoader } from "../../lib/project.ts";
import { withTenantLock, type LockRequest, type TenantWork } from "../../cli/tenant-lock.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { lockHolders } from "./held-tenant.ts";

const domain = "acme.eu.auth0.com";

describe("a tenant's lock", () => {
  const folder = temporaryFolder();
  const hold = lockHolders();
  const request = (said: string[] = [], more: Partial<LockRequest> = {}): LockRequest => ({
    command: "pictures block",
    env: { XDG_STATE_HOME: folder() },
    wait: true,
    say: (line) => said.push(line),
    ...more,
  });
  const locked = (kinds: readonly TenantWork[], said?: string[], more?: Partial<LockRequest>) =>
    withTenantLock(domain, kinds, request(said, more), ({ waited }) => Promise.resolve({ waited }));

  it("refuses at once, with who has it, where the command is not to wait", async () => {
    const { pid } = await hold(folder(), domain, "users");
    await assert.rejects(locked(["users", "blocks"], [], { wait: false }), {
      code: "tenant-busy",
      message: new RegExp(
        `^Nothing was done: pictures test \\(process ${pid}, since 20\\S+Z\\) changes users of ${domain}\\.`,
      ),
    });
    // What it had already was given back.
    assert.deepEqual(await locked(["blocks"]), { waited: false });
  });

  it("is waited for with one line that says for whom", async () => {
    const { pid, end } = await hold(folder(), domain, "users");
    const said: string[] = [];
    const waiting = locked(["users"], said);
    let isDone = false;
    void waiting.then(() => (isDone = true));
    await new Promise((resolve) => setTimeout(resolve, 600));
    assert.equal(isDone, false);
    await end();
    assert.deepEqual(await waiting, { waited: true });
    assert.equal(said.length, 1);
    assert.match(
      said[0] ?? "",
      new RegExp(`^Waiting for pictures test \\(process ${pid}, since .*Ctrl-C.*--no-wait`),
    );
  });

  it("is another one for another kind of work, and for another tenant", async () => {
    await hold(folder(), domain, "users");
    assert.deepEqual(await locked(["blocks", "deployment"]), { waited: false });
    const other = await withTenantLock("other.eu.auth0.com", ["users"], request(), ({ waited }) =>
      Promise.resolve(waited),
    );
    assert.equal(other, false);
  });

  it("does not count when its process was killed", async () => {
    const { kill } = await hold(folder(), domain, "users");
    await kill();
    assert.deepEqual(await locked(["users"]), { waited: false });
  });

  it("is given back when the work fails", async () => {
    const failure = withTenantLock(domain, ["users"], request(), () => Promise.reject(new Error("no")));
    await assert.rejects(failure, /no/);
    assert.deepEqual(await locked(["users"]), { waited: false });
  });

  it("lets in who waits between two stretches of a long run", async () => {
    const program = join(__dirname, "tenant-lock-holder.ts");
    const run = spawn(process.execPath, ["--require", typescriptLoader, program, domain, "users", "500"], {
      env: { ...process.env, XDG_STATE_HOME: folder() },
      stdio: ["ignore", "pipe", "ignore"],
    });
    let output = "";
    run.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    try {
      await once(run.stdout, "data");
      assert.deepEqual(await locked(["users"]), { waited: true });
      const made = output.trim().split("\n").length;
      assert.ok(made < 250, `${made} stretches were made first`);
    } finally {
      run.kill("SIGKILL");
      await once(run, "exit");
    }
  });

  it("is in a folder of the user's own", async () => {
    await locked(["users"]);
    const state = join(folder(), "auth0-user-pictures");
    const [machine = ""] = readdirSync(join(state, "locks"));
    const own = join(state, "locks", machine, domain);
    assert.equal(statSync(own).mode & 0o777, 0o700);
    assert.deepEqual(readdirSync(own), []);
  });

  it("is not taken in a folder that is a link, or cannot be made", async () => {
    await locked(["users"]);
    const state = join(folder(), "auth0-user-pictures", "locks");
    const [machine = ""] = readdirSync(state);
    mkdirSync(join(folder(), "elsewhere"));
    symlinkSync(join(folder(), "elsewhere"), join(state, machine, "linked.eu.auth0.com"));
    const linked = withTenantLock("linked.eu.auth0.com", ["users"], request(), () => Promise.resolve());
    await assert.rejects(linked, { code: "state-not-private" });
    const file = { XDG_STATE_HOME: join(folder(), "elsewhere", "x\0") };
    await assert.rejects(locked(["users"], [], { env: file }), { code: "state-not-writable" });
  });
});
