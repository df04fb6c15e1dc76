import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pollUntil } from "../../../lib/clock.ts";
import { isPidInUse } from "../../../lib/process-identity.ts";
import { projectRoot, typescriptLoader } from "../../../lib/project.ts";
import { rolledStack } from "../rollback/rolled-stack.ts";
import { enterConsole, rawRequest } from "./raw-request.ts";

describe("pictures console", () => {
  const stack = rolledStack();
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
  });

  function start(args: readonly string[], more: NodeJS.ProcessEnv = {}): ChildProcess {
    const command = ["--require", typescriptLoader, "cli/main.ts", "console", "--stack", "local", ...args];
    const child = spawn(process.execPath, command, {
      cwd: projectRoot,
      env: { ...process.env, ...stack().env, ...more },
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.push(child);
    return child;
  }

  async function firstLine({ stdout }: ChildProcess): Promise<string> {
    const [line] = (await once(createInterface({ input: stdout! }), "line")) as [string];
    return line;
  }

  it("ends with an error where the port is in use, and where it is no number", async () => {
    const running = start(["--no-open", "--json"]);
    const { port } = new URL((JSON.parse(await firstLine(running)) as { url: string }).url);
    for (const [given, code, message] of [
      [port, 1, /Port \d+ is in use.*\[port-in-use\]/],
      ["80a", 3, /\[port-invalid\]/],
    ] as const) {
      const second = start(["--no-open", "--port", given]);
      let printed = "";
      second.stderr!.on("data", (text) => (printed += String(text)));
      const [exit] = (await once(second, "close")) as [number];
      assert.equal(exit, code);
      assert.match(printed, message);
    }
  });

  it("prints its address as the first line, as JSON, and ends when it is interrupted", async () => {
    const child = start(["--no-open", "--json"]);
    const { url } = JSON.parse(await firstLine(child)) as { url: string };
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/open\/[\w-]{32}$/);
    assert.equal((await rawRequest(url)).status, 200);
    child.kill("SIGINT");
    const [code] = (await once(child, "exit")) as [number];
    assert.equal(code, 0);
    await assert.rejects(rawRequest(url));
  });

  it("opens the browser by a file that only its user can read, so that the address is on no command line", async () => {
    const child = start([], { PATH: "/nowhere" });
    const line = await firstLine(child);
    const folder = join(stack().env["XDG_STATE_HOME"] ?? "", "auth0-user-pictures", "console");
    const [name = ""] = readdirSync(folder);
    assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600);
    const address = /http:\/\/\S+/.exec(line)?.[0] ?? "-";
    assert.ok(readFileSync(join(folder, name), "utf8").includes(address));
    child.kill("SIGTERM");
    await once(child, "exit");
    assert.deepEqual(readdirSync(folder), []);
  });

  it("sends no credential of the tenant to the browser", async () => {
    const child = start(["--no-open", "--json"]);
    const { url } = JSON.parse(await firstLine(child)) as { url: string };
    const { base, cookie } = await enterConsole(url);
    const { AUTH0_CLIENT_ID: id = "-", AUTH0_CLIENT_SECRET: secret = "-" } = stack().env;
    for (const path of ["/", "/people", "/tenant", "/script/queue.js", "/nothing"]) {
      const { body, headers } = await rawRequest(new URL(`${base}${path}`, url).href, {
        headers: { cookie },
      });
      const all = body + JSON.stringify(headers);
      assert.ok(!all.includes(id) && !all.includes(secret) && !/eyJ[\w-]+\./.test(all), path);
    }
  });

  it("does what it was asked for before it ends, and waits for nothing that it only reads", async () => {
    const { tenant } = stack().tenant;
    const user_id = "auth0|jane";
    tenant.users.create({
      user_id,
      name: "Jane",
      user_metadata: { picture: "https://img.acme.com/jane.png" },
    });
    const child = start(["--no-open", "--json"]);
    const { url } = JSON.parse(await firstLine(child)) as { url: string };
    const { origin, base, cookie } = await enterConsole(url);
    const address = `${origin}${base}`;
    const page = await rawRequest(`${address}/`, { headers: { cookie } });
    const [, key, seen] = /data-key="([^"]+)" data-seen="([^"]+)"/.exec(page.body) ?? [];
    tenant.faults.set(
      [
        { kind: "latency", method: "PATCH", ms: 1500 },
        { kind: "latency", method: "GET", path: "/api/v2/users", ms: 60_000 },
      ],
      1,
    );
    const headers = {
      cookie,
      origin,
      "content-type": "application/json",
      accept: "application/json",
    };
    const body = JSON.stringify({ key, seen, decision: "clear", id: "1" });
    assert.equal((await rawRequest(`${address}/decisions`, { method: "POST", headers, body })).status, 202);
    const again = { cookie, origin };
    await rawRequest(`${address}/look-again`, { method: "POST", headers: again });
    void rawRequest(`${address}/`, { headers: { cookie } }).catch(() => undefined);
    child.kill("SIGTERM");
    const startedAt = performance.now();
    const [code] = (await once(child, "exit")) as [number];
    assert.equal(code, 0);
    assert.ok(performance.now() - startedAt < 30_000, "it did not wait for the search");
    assert.equal(tenant.users.get(user_id)?.user_metadata?.["picture"], "");
  });

  it("ends with its parent", async () => {
    const script = `const { spawn } = require("node:child_process");
const args = ["--require", ${JSON.stringify(typescriptLoader)}, "cli/main.ts", "console", "--stack", "local", "--no-open", "--json"];
const child = spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] });
process.stderr.write(String(child.pid) + "\\n");`;
    const parent = spawn(process.execPath, ["--eval", script], {
      cwd: projectRoot,
      env: { ...process.env, ...stack().env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.push(parent);
    const [pid] = (await once(createInterface({ input: parent.stderr }), "line")) as [string];
    await firstLine(parent);
    parent.kill("SIGKILL");
    assert.ok(await pollUntil(() => !isPidInUse(Number(pid)), { withinMs: 10_000 }));
  });
});
