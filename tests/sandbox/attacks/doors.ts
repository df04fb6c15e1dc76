import type { DoorAttempt } from "./attempt.ts";

const layersOf = {
  files: ["permissions", "namespaces"],
  // Node looks for a package.json without asking its own permissions: that one is there can be learned, not what is in it.
  "names of packages": ["namespaces"],
  "file contents": ["permissions", "limits", "namespaces"],
  network: ["networkPermission", "limits", "namespaces"],
  processes: ["permissions", "limits"],
  workers: ["permissions", "limits"],
  "native code": ["permissions", "limits", "namespaces"],
} as const;

type Door = keyof typeof layersOf;

/** Code that has got hold of everything, and finds only one layer before it. */
export const doorAttempts: readonly DoorAttempt[] = [
  ...through("file contents", {
    "reads a file": `return read(require("fs"));`,
    "opens a file by a promise": `return (await require("fs/promises").open(FILE)).readFile("utf8");`,
    "streams a file": `let text = ""; for await (const part of require("fs").createReadStream(FILE)) text += part; return text;`,
    "reads by a path of bytes with .. in it": `return require("fs").readFileSync(Buffer.from("/tmp/../" + FILE), "utf8");`,
    "reads by a path that is a Uint8Array": `return require("fs").readFileSync(new TextEncoder().encode("/usr/../" + FILE), "utf8");`,
    "reads by a file URL": `return require("fs").readFileSync(new URL("file:///usr/lib/%2e%2e/.." + FILE), "utf8");`,
    "reads by a relative path after chdir": `
      const { dirname, basename } = require("path");
      process.chdir(dirname(FILE));
      try { return require("fs").readFileSync(basename(FILE), "utf8"); } finally { process.chdir("/"); }`,
    "reads through /proc/self/root": `return require("fs").readFileSync("/proc/self/root" + FILE, "utf8");`,
    "reads a file as a blob": `return (await require("fs").openAsBlob(FILE)).text();`,
    "reads by process.binding": `
      const { open, internalModuleReadJSON, readFileUtf8 } = process.binding("fs");
      if (readFileUtf8) return readFileUtf8(FILE, 0);
      if (internalModuleReadJSON) return String(internalModuleReadJSON(FILE));
      return require("fs").readFileSync(open(FILE, 0, 0o666), "utf8");`,
    "requires a file": `return JSON.stringify(require(FILE));`,
    "requires a file by createRequire": `return JSON.stringify(require("module").createRequire("/x.js")(FILE));`,
    "imports a file": `
      return JSON.stringify((await import("file://" + FILE, { with: { type: "json" } })).default);`,
    "loads a file as the environment": `process.loadEnvFile(ENV_FILE); return JSON.stringify(process.env);`,
    "has a source map read": `
      process.setSourceMapsEnabled(true);
      const Module = require("module");
      new Module("/x.js")._compile("exports.a = 1;\\n//# sourceMappingURL=" + FILE, "/x.js");
      const found = Module.findSourceMap("/x.js");
      return JSON.stringify(found?.payload ?? null);`,
    "copies a file": `require("fs").copyFileSync(FILE, OUT + "/copy"); return "copied";`,
    "lists a folder": `return require("fs").readdirSync(OUT).includes("gone") ? PROOF : "";`,
    "walks a folder": `
      const dir = require("fs").opendirSync(OUT);
      try { return dir.readSync() === null ? "" : PROOF; } finally { dir.closeSync(); }`,
    "writes a file": `require("fs").writeFileSync(OUT + "/written", "x");`,
    "writes by a stream": `
      await new Promise((resolve, reject) => {
        require("fs").createWriteStream(OUT + "/streamed").on("error", reject).end("x", resolve);
      });`,
    "writes a heap snapshot": `require("v8").writeHeapSnapshot(OUT + "/heap");`,
    "writes a diagnostic report": `
      const file = process.report.writeReport(OUT + "/report");
      return file;`,
    "writes a trace": `
      process.chdir(OUT);
      try {
        const tracing = require("trace_events").createTracing({ categories: ["node.perf"] });
        tracing.enable();
        performance.mark("x");
        await new Promise((resolve) => setTimeout(resolve, 100));
        tracing.disable();
      } finally { process.chdir("/"); }`,
    "opens a database": `
      const { DatabaseSync } = require("node:sqlite");
      new DatabaseSync(OUT + "/db").exec("create table a (b)");`,
    "attaches a database": `
      const { DatabaseSync } = require("node:sqlite");
      new DatabaseSync(":memory:").exec("attach '" + OUT + "/db' as other; create table other.a (b)");`,
    "writes from WebAssembly by WASI": `
      const { WASI } = require("node:wasi");
      const wasi = new WASI({ version: "preview1", preopens: { "/": OUT } });
      const memory = new WebAssembly.Memory({ initial: 1 });
      const exports = { memory, _initialize() {} };
      wasi.initialize({ exports });
      const name = Buffer.from("wasi");
      new Uint8Array(memory.buffer).set(name, 100);
      const code = wasi.wasiImport.path_open(3, 0, 100, name.length, 1, 64n, 0n, 0, 200);
      return "code " + code;`,
  }),
  ...through(
    "file contents",
    {
      "has the compiler write its trace": `
        const v8 = require("v8");
        v8.setFlagsFromString("--trace-turbo");
        v8.setFlagsFromString("--trace-turbo-path=" + OUT);
        const hot = (n) => { let sum = 0; for (let i = 0; i < n; i += 1) sum += i; return sum; };
        for (let i = 0; i < 3000; i += 1) hot(1000);
        await new Promise((resolve) => setTimeout(resolve, 200));`,
    },
    { alone: true },
  ),
  ...through("files", {
    "learns that a file is there": `return require("fs").existsSync(FILE) ? PROOF : "";`,
    "learns a file's size": `return require("fs").statSync(FILE).size > 0 ? PROOF : "";`,
    "learns of the disk": `return require("fs").statfsSync(FILE).blocks > 0 ? PROOF : "";`,
    "learns a file's real path": `return require("fs").realpathSync.native(FILE) ? PROOF : "";`,
    "makes a folder": `require("fs").mkdirSync(OUT + "/folder");`,
    "makes a temporary folder": `require("fs").mkdtempSync(OUT + "/folder");`,
    "makes a symbolic link and reads through it": `
      require("fs").symlinkSync(FILE, OUT + "/link");
      return require("fs").readFileSync(OUT + "/link", "utf8");`,
    "makes a relative symbolic link": `require("fs").symlinkSync("../secret.json", OUT + "/relative");`,
    "makes a hard link": `require("fs").linkSync(GONE, OUT + "/hard");`,
    "renames a file": `require("fs").renameSync(GONE, OUT + "/renamed");`,
    "deletes a file": `require("fs").unlinkSync(GONE);`,
    "deletes a file by rm": `require("fs").rmSync(GONE);`,
    "deletes a file by a promise": `await require("fs/promises").unlink(GONE);`,
    "has the module cache written": `
      const { enableCompileCache, flushCompileCache } = require("module");
      const { status, message } = enableCompileCache(OUT);
      require("module").createRequire("/x.js");
      flushCompileCache?.();
      return status + message;`,
  }),
  ...through("names of packages", {
    "finds a package": `return require("module").findPackageJSON("file://" + FILE) ? PROOF : "";`,
  }),
  ...through("network", {
    "connects by TCP": `return heard(require("net").connect(PORT, "127.0.0.1"));`,
    "connects a socket of its own": `return heard(new (require("net").Socket)().connect(PORT, "127.0.0.1"));`,
    "connects by IPv6": `return heard(require("net").connect(PORT, "::ffff:127.0.0.1"));`,
    "connects by TLS": `return heard(require("tls").connect(PORT, "127.0.0.1", { rejectUnauthorized: false }));`,
    "asks by HTTP": `
      return await new Promise((resolve, reject) => {
        require("http").get({ port: PORT, host: "127.0.0.1" }, (response) => {
          let text = ""; response.on("data", (part) => (text += part)).on("end", () => resolve(text));
        }).on("error", reject);
      });`,
    "asks by HTTP/2": `
      return await new Promise((resolve, reject) => {
        const session = require("http2").connect("http://127.0.0.1:" + PORT);
        session.on("error", reject).on("close", resolve);
      });`,
    fetches: `return (await fetch("http://127.0.0.1:" + PORT)).text();`,
    "sends a datagram": `
      const socket = require("dgram").createSocket("udp4");
      await new Promise((resolve, reject) => {
        socket.on("error", reject);
        socket.send("x", UDP_PORT, "127.0.0.1", (error) => (error ? reject(error) : resolve()));
      });
      await new Promise((resolve) => setTimeout(resolve, 50));
      socket.close();`,
    "asks a name server": `
      const resolver = new (require("dns").Resolver)({ timeout: 100, tries: 1 });
      resolver.setServers(["127.0.0.1:" + UDP_PORT]);
      await new Promise((resolve) => resolver.resolve("secret.example", resolve));`,
    "connects to a unix socket": `return heard(require("net").connect(SOCKET));`,
    "connects to an abstract socket": `return heard(require("net").connect(ABSTRACT));`,
    "asks a unix socket by HTTP": `
      return await new Promise((resolve, reject) => {
        require("http").get({ socketPath: SOCKET }, (response) => {
          let text = ""; response.on("data", (part) => (text += part)).on("end", () => resolve(text));
        }).on("error", reject);
      });`,
    "connects to a unix socket by TLS": `return heard(require("tls").connect({ path: SOCKET, rejectUnauthorized: false }));`,
    "connects by process.binding": `
      const { TCP, TCPConnectWrap, constants } = process.binding("tcp_wrap");
      const handle = new TCP(constants.SOCKET);
      const request = new TCPConnectWrap();
      const socket = new (require("net").Socket)({ handle });
      await new Promise((resolve, reject) => {
        request.oncomplete = (status) => (status === 0 ? resolve() : reject(new Error("status " + status)));
        const code = handle.connect(request, "127.0.0.1", PORT);
        if (code !== 0) reject(new Error("code " + code));
      });
      return heard(socket.resume());`,
    "connects to a unix socket by process.binding": `
      const { Pipe, PipeConnectWrap, constants } = process.binding("pipe_wrap");
      const handle = new Pipe(constants.SOCKET);
      const request = new PipeConnectWrap();
      await new Promise((resolve, reject) => {
        request.oncomplete = (status) => (status === 0 ? resolve() : reject(new Error("status " + status)));
        const code = handle.connect(request, SOCKET);
        if (typeof code === "number" && code !== 0) reject(new Error("code " + code));
      });
      return heard(new (require("net").Socket)({ handle }).resume());`,
  }),
  ...through("processes", {
    "starts a program": `return require("child_process").execFileSync("/bin/echo", [PROOF], { encoding: "utf8" });`,
    "starts a shell": `return require("child_process").execSync("echo " + PROOF, { encoding: "utf8" });`,
    "starts Node without its limits": `
      return require("child_process").execFileSync(process.execPath, ["--print", JSON.stringify(PROOF)], { encoding: "utf8" });`,
    "starts Node by its options in the environment": `
      const { spawnSync } = require("child_process");
      const env = { NODE_OPTIONS: "--no-warnings" };
      return spawnSync(process.execPath, ["--print", JSON.stringify(PROOF)], { encoding: "utf8", env }).stdout;`,
    "starts a program by process.binding": `
      const { spawn } = process.binding("spawn_sync");
      const pipe = (readable) => ({ type: "pipe", readable, writable: !readable });
      const result = spawn({ file: "/bin/echo", args: ["echo", PROOF], envPairs: [], stdio: [pipe(true), pipe(false), pipe(false)] });
      return String(result.output?.[1]);`,
    forks: `
      const child = require("child_process").fork("/none.js", { stdio: "ignore" });
      await new Promise((resolve, reject) => child.on("error", reject).on("spawn", resolve));
      return PROOF;`,
  }),
  ...through(
    "processes",
    { "becomes another program": `process.execve("/bin/echo", ["echo", PROOF]);` },
    { alone: true },
  ),
  ...through(
    "processes",
    {
      "becomes a Node without limits": `process.execve(process.execPath, ["node", "--print", JSON.stringify(PROOF)]);`,
    },
    { alone: true },
  ),
  ...through("workers", {
    "starts a worker": worker("{ eval: true }"),
    "starts a worker with options of its own": worker(`{ eval: true, execArgv: ["--no-warnings"] }`),
    "starts a worker with an environment": worker(`{ eval: true, env: { NODE_OPTIONS: "--no-warnings" } }`),
    "registers a loader's thread": `
      const source = "export const resolve = (name, context, next) => name === 'proof:' ? { url: 'data:text/javascript,export default 1', shortCircuit: true } : next(name, context);";
      require("module").register("data:text/javascript," + encodeURIComponent(source));
      return (await import("proof:")).default === 1 ? PROOF : "";`,
  }),
  ...through("native code", {
    "opens a native library": native("process.dlopen({ exports: {} }, ADDON)"),
    "requires a native addon": native("require(ADDON)"),
    "loads a native addon by its extension": native(
      `require("module")._extensions[".node"]({ exports: {} }, ADDON)`,
    ),
    "opens a native library by bytes": native(
      "process.dlopen({ exports: {} }, Buffer.from('/usr/..' + ADDON).toString())",
    ),
  }),
];

function through(
  door: Door,
  codes: Readonly<Record<string, string>>,
  flags: Partial<DoorAttempt> = {},
): DoorAttempt[] {
  return Object.entries(codes).map(([name, code]) => ({ name, code, closedBy: layersOf[door], ...flags }));
}

function worker(options: string): string {
  return `
    const { Worker } = require("worker_threads");
    const worker = new Worker("require('worker_threads').parentPort.postMessage(1)", ${options});
    await new Promise((resolve, reject) => worker.on("message", resolve).on("error", reject).on("exit", reject));
    return PROOF;`;
}

function native(call: string): string {
  return `try { ${call}; } catch (error) { if (!/self-register/.test(error.message)) throw error; } return PROOF;`;
}
