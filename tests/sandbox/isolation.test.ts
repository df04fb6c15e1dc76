import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { buildSync } from "esbuild";
import { pollUntil } from "../../lib/clock.ts";
import { processStatus } from "../../lib/process-identity.ts";
import { typescriptLoader } from "../../lib/project.ts";
import { isolation } from "../../sandbox/isolation.ts";
import { startSandboxChild } from "../../sandbox/sandbox-child.ts";
import { action } from "./action.ts";
import { setupSandbox } from "./setup-sandbox.ts";

/** Ways from an Action's context to a Function of the child's own realm. */
const escapes = [
  "require('util').inspect.constructor",
  "Buffer.constructor",
  "URL.constructor",
  "require('crypto').createHash.constructor",
  "console.log.constructor",
  "require.constructor",
];

/** What an attempt must meet: the lockdown, a global that is gone, or Node's permission model. */
const closed =
  /^refused: (The local sandbox has no network|\w+ is not defined|Access to this API has been restricted|.*setEngine is not a function)/;

describe("The sandbox's isolation", () => {
  const setup = setupSandbox();

  for (const escape of escapes) {
    it(`gives ${escape} no code of the child's own realm to run`, async () => {
      const { idTokenClaims } = await setup().run(`
        const MakeFunction = ${escape};
        let found;
        try {
          const realm = MakeFunction("return globalThis")();
          found = [realm.process?.getBuiltinModule, realm.process?.binding, realm.fetch?.name, realm.process?.env?.PATH]
            .map((value) => typeof value);
        } catch (error) {
          found = error.message;
        }
        api.idToken.setCustomClaim("found", found);`);
      const found = idTokenClaims["found"];
      if (typeof found === "string") assert.match(found, /Code generation from strings disallowed/);
      // The context's own Function: its globals are the ones that Actions are given.
      else assert.deepEqual(found, ["undefined", "undefined", "string", "undefined"]);
    });
  }

  it("has no import()", async () => {
    const { denied } = await setup().run("await import('node:net')");
    assert.match(denied?.reason ?? "", /dynamic import/i);
  });

  for (const call of [
    "fetch('http://127.0.0.1/')",
    "new WebSocket('ws://127.0.0.1/')",
    "new EventSource('http://127.0.0.1/')",
  ]) {
    it(`refuses ${call}`, async () => {
      const { denied } = await setup().run(`await ${call}`);
      assert.match(denied?.reason ?? "", /local sandbox has no network/);
    });
  }

  it("gives a child nothing of the environment but the run's mark", async function () {
    if (process.platform !== "linux") this.skip();
    const child = startSandboxChild();
    try {
      await child.ready;
      const names = readFileSync(`/proc/${child.pid ?? 0}/environ`, "utf8")
        .split("\0")
        .map((entry) => entry.split("=")[0])
        .filter(
          (name) =>
            !["", "NODE_CHANNEL_FD", "NODE_CHANNEL_SERIALIZATION_MODE", "AUTH0_USER_PICTURES_RUN"].includes(
              name ?? "",
            ),
        );
      assert.deepEqual(names, []);
    } finally {
      await child.kill();
    }
  });

  it("runs on after a child was killed from outside", async () => {
    const child = startSandboxChild();
    await child.ready;
    const running = child.run([action("await new Promise(() => {})")], "{}", 10_000);
    process.kill(child.pid!, "SIGKILL");
    assert.equal((await running).denied?.cause, "crash");
    assert.equal(child.isUsable(), false);
  });

  it("ends a child in an endless loop together with a parent that is killed with -9", async function () {
    // Elsewhere only a child that is idle notices.
    if (process.platform !== "linux") this.skip();
    const program = join(__dirname, "looping-program.ts");
    const parent = spawn(process.execPath, ["--require", typescriptLoader, program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(createInterface(parent.stdout), "line")) as [string];
    assert.notEqual(processStatus(Number(line)), undefined);
    parent.kill("SIGKILL");
    const ended = await pollUntil(() => processStatus(Number(line)) === undefined, { withinMs: 45_000 });
    assert.ok(ended);
  });

  describe("for code that got into the child's own realm after all", () => {
    const attempts: [string, string][] = [
      ["net.connect", "(await import('node:net')).connect(PORT, '127.0.0.1')"],
      ["net.Socket", "new (await import('node:net')).Socket().connect(PORT, '127.0.0.1')"],
      ["net.createServer", "(await import('node:net')).createServer().listen(0)"],
      ["tls.connect", "(await import('node:tls')).connect(PORT, '127.0.0.1')"],
      ["http.get", "(await import('node:http')).get('http://127.0.0.1:PORT/')"],
      ["https.request", "(await import('node:https')).request('https://127.0.0.1:PORT/')"],
      ["http2.connect", "(await import('node:http2')).connect('http://127.0.0.1:PORT/')"],
      ["dgram", "(await import('node:dgram')).createSocket('udp4').send('x', PORT, '127.0.0.1')"],
      ["dns", "await (await import('node:dns/promises')).resolve('localhost')"],
      ["dns.Resolver", "new (await import('node:dns')).Resolver().resolve('localhost', () => {})"],
      ["fetch", "await fetch('http://127.0.0.1:PORT/')"],
      ["WebSocket", "new WebSocket('ws://127.0.0.1:PORT/')"],
      ["process.binding", "process.binding('tcp_wrap')"],
      ["process.kill", "process.kill(1, 0)"],
      ["getBuiltinModule", "process.getBuiltinModule('net').connect(PORT)"],
      ["require", "require('net')"],
      ["files", "(await import('node:fs')).readFileSync('/etc/hostname')"],
      ["directories", "(await import('node:fs')).readdirSync('/')"],
      ["writing", "(await import('node:fs')).writeFileSync('/tmp/sandbox-escape', '')"],
      ["child processes", "(await import('node:child_process')).spawnSync('true').error ?? 'ran'"],
      ["workers", "new (await import('node:worker_threads')).Worker('', { eval: true })"],
      ["a native library", "(await import('node:crypto')).setEngine('/x.so')"],
    ];
    for (const [name, code] of attempts) {
      it(`${name} is closed`, async () => {
        const server = createServer().listen(0, "127.0.0.1");
        const connections: unknown[] = [];
        server.on("connection", (socket) => {
          connections.push(socket);
          socket.destroy();
        });
        try {
          await new Promise((resolve) => server.once("listening", resolve));
          const { port } = server.address() as AddressInfo;
          const outcome = await inLockedRealm(code.replaceAll("PORT", String(port)));
          assert.match(outcome, closed);
          assert.equal(connections.length, 0);
        } finally {
          server.close();
        }
      });
    }

    it("the kernel knows no network either", async function () {
      if (!isolation().networkNamespace) this.skip();
      const outcome = await inChild(`
        const { send } = process;
        require("node:net").connect(${await closedPort()}, "127.0.0.1")
          .on("error", (error) => send.call(process, { outcome: error.code }));`);
      assert.match(outcome, /ENETUNREACH|ENETDOWN|EADDRNOTAVAIL/);
    });
  });
});

/** Evaluates code in a child's own realm after the lockdown, started like the sandbox's children. */
async function inLockedRealm(code: string): Promise<string> {
  const source = `
    import { freezePureModules, lockDown } from "./lockdown.ts";
    freezePureModules();
    const kept = lockDown();
    const attempt = async () => { ${code} };
    attempt().then(
      () => kept.send({ outcome: "did it" }),
      (error) => kept.send({ outcome: "refused: " + error.message }),
    );`;
  const bundled = buildSync({
    stdin: { contents: source, resolveDir: join(__dirname, "../../sandbox/child"), loader: "ts" },
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
  });
  return inChild(`(() => {"use strict";${bundled.outputFiles[0]!.text}})();`);
}

/** Runs a script as the sandbox starts its children, and resolves with the `outcome` that it sends. */
async function inChild(script: string): Promise<string> {
  const { command, args } = isolation();
  const child = spawn(command, [...args, "--eval", script], {
    env: {},
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  try {
    return await new Promise<string>((resolve, reject) => {
      child.once("message", (message: { outcome: string }) => {
        resolve(message.outcome);
      });
      child.once("exit", () => {
        reject(new Error("The child ended without a word."));
      });
    });
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
}

/** A port on which nothing listens: without a namespace the answer would be ECONNREFUSED. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
