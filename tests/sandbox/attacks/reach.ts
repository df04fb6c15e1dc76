import type { Attempt } from "./attempt.ts";

/** Finds in what was captured a module, the process object or a function that loads modules, and uses it. */
const useCaptured = `
  const useCaptured = (captured) => {
    for (const value of captured) {
      try {
        if (value === null || (typeof value !== "object" && typeof value !== "function")) continue;
        if (typeof value.getBuiltinModule === "function" || typeof value.binding === "function") return useProcess(value);
        if (typeof value.readFileSync === "function") return read(value);
        if (value.name === "internalBinding" || value.name === "requireBuiltin" || value.name === "require") return read(value("fs"));
      } catch (error) {}
    }
    throw new Error("nothing of use in what was captured");
  };`;

/** What an import gives, however it came about. */
const readImported = "const fs = await imported; return read(fs.default ?? fs);";

/** Uses that make Node load parts of itself only then, and call what code may have replaced. */
const loadsLazily = `
  const { promisify, parseArgs, inspect } = require("util");
  const crypto = require("crypto");
  try { parseArgs({ args: ["--x"], options: { x: { type: "boolean" } } }); } catch {}
  try { inspect(new Proxy({}, {}), { showProxy: true, colors: true }); } catch {}
  try { await new Blob(["x"]).stream().getReader().read(); } catch {}
  try { await crypto.webcrypto.subtle.digest("SHA-256", new Uint8Array(1)); } catch {}
  try { await promisify(crypto.pbkdf2)("a", "b", 1, 8, "sha1"); } catch {}
  try { structuredClone(new Map([[1, new Blob([])]])); } catch {}
  try { crypto.createPrivateKey("x"); } catch {}
  try { for await (const [value] of require("events").on(new EventTarget(), "x", { signal: AbortSignal.timeout(5) })) void value; } catch {}
  await new Promise((resolve) => setTimeout(resolve, 5));
`;

/**
 * A clone names the module and the class that bring it back, and Node loads any of its own for it: of these, the handle of a
 * file, which takes a number for an open file.
 */
const fileHandle = `
  const fileHandleOf = async (handle) => {
    const source = new Blob([]);
    const symbols = Object.getOwnPropertySymbols(Object.getPrototypeOf(source));
    const clone = symbols.find((symbol) => /messaging_clone_symbol/.test(String(symbol)));
    Object.defineProperty(source, clone, {
      value: () => ({ data: { handle }, deserializeInfo: "internal/fs/promises:FileHandle" }),
    });
    return structuredClone(source);
  };`;

/** Ways from an Action to Node's modules, its process object, or another realm. */
export const reachAttempts: readonly Attempt[] = [
  ...each({
    "requires fs": `return read(require("fs"));`,
    "requires node:fs": `return read(require("node:fs"));`,
    "asks process for a builtin": `return useProcess(process);`,
    "asks the realm's process": `return useProcess(globalThis.process);`,
    "makes a Function by the constructor of a builtin's function": `
      return useProcess(require("util").inspect.constructor("return process")());`,
    "makes a Function by the constructor of Buffer": `return useProcess(Buffer.constructor("return process")());`,
    "makes a Function by the constructor of the event": `return useProcess(({}).constructor.constructor("return this.process")());`,
    "makes a Function by the constructor of a timer": `return useProcess(setTimeout.constructor("return process")());`,
    "finds the process object through nextTick": `return useProcess(process.nextTick.constructor("return process")());`,
    "evaluates in the global scope": `return useProcess((0, eval)("process"));`,
    imports: `const imported = import("node:fs"); ${readImported}`,
    "imports by eval": `const imported = eval("import('node:fs')"); ${readImported}`,
    "imports by an eval of the global scope": `const imported = (0, eval)("import('node:fs')"); ${readImported}`,
    "imports by a Function": `const imported = new Function("return import('node:fs')")(); ${readImported}`,
    "imports by an async Function": `
      const imported = (async () => {}).constructor("return import('node:fs')")(); ${readImported}`,
    "imports by a generator Function": `
      const imported = (function* () {}).constructor("yield import('node:fs')")().next().value; ${readImported}`,
    "imports by Reflect.construct": `
      const imported = Reflect.construct(Function, ["return import('node:fs')"])(); ${readImported}`,
    "imports by a Function that a promise calls": `
      const imported = Promise.resolve("return import('node:fs')").then(Function).then((make) => make()); ${readImported}`,
    "imports a URL with code": `
      const imported = new Function("return import('data:text/javascript,export { default } from %22node:fs%22')")(); ${readImported}`,
    "uses process.binding": `
      const { internalModuleReadJSON, readFileUtf8 } = process.binding("fs");
      return readFileUtf8 ? readFileUtf8(FILE, 0) : JSON.stringify(internalModuleReadJSON(FILE));`,
    "finds modules in the realm's own properties": `${useCaptured}
      const names = [...Object.getOwnPropertyNames(globalThis), ...Object.getOwnPropertySymbols(globalThis)];
      return useCaptured(names.map((name) => globalThis[name]));`,
    "writes to fd 1 by process.stdout": `process.stdout.write("\\n"); return PROOF;`,
    "loads an engine of OpenSSL": `
      try { require("crypto").setEngine(ADDON); } catch (error) { if (!/engine/i.test(error.code ?? "")) throw error; }
      return PROOF;`,
    fetches: `return (await fetch("http://127.0.0.1:" + PORT)).text();`,
    "sends a signal": `process.kill(process.ppid, 0); return PROOF;`,
    "opens the inspector": `return process._debugProcess(process.pid) ?? PROOF;`,
    "writes a report": `process.report.writeReport(OUT + "/report");`,
  }),
  ...each(
    {
      "requires fs by an object that turns into another text": `
        let turn = 0;
        return read(require({ toString: () => (turn++ === 0 ? "path" : "fs") }));`,
      "imports by a replaced method that Node's caller gives a text": `
        const imported = new Promise((resolve) => { globalThis.takeImport = resolve; });
        const { get } = Map.prototype;
        Map.prototype.get = eval;
        try { require("takeImport(import('node:os'))"); } catch {} finally { Map.prototype.get = get; }
        return (await imported).hostname() && PROOF;`,
      "imports by an eval that a promise calls": `
      const imported = Promise.resolve("import('node:fs')").then(eval); ${readImported}`,
      "imports by an eval that a timer calls": `
      const imported = new Promise((resolve) => {
        globalThis.takeImport = resolve;
        setTimeout(eval, 0, "takeImport(import('node:fs'))");
      }); ${readImported}`,
      "imports by an eval that a microtask calls": `
      const imported = new Promise((resolve) => {
        globalThis.takeImport = resolve;
        queueMicrotask(eval.bind(undefined, "takeImport(import('node:fs'))"));
      }); ${readImported}`,
      "imports by an eval that a search in a text calls": `
      let imported;
      globalThis.takeImport = (value) => { imported = value; };
      "x".replace(/x/, eval.bind(undefined, "takeImport(import('node:fs'))"));
      ${readImported}`,
      "imports the database by an eval that a timer calls": `
      const imported = new Promise((resolve) => {
        globalThis.takeImport = resolve;
        setTimeout(eval, 0, "takeImport(import('node:sqlite'))");
      });
      const { DatabaseSync } = await imported;
      new DatabaseSync(OUT + "/db").exec("create table a (b)");`,
      "imports by an eval that a native caller makes": `
      const imported = ["import('node:fs')"].map(eval)[0]; ${readImported}`,
      "reads require.cache": `return read(Object.values(require.cache)[0].require("fs"));`,
      "uses the module's constructor": `return read(module.constructor._load("fs"));`,
      "uses the module's children": `return read(module.children[0].require("fs"));`,
      "uses require.main": `return read(require.main.require("fs"));`,
      "uses module.parent": `return read(module.parent.require("fs"));`,
      "uses process._linkedBinding": `return read(process._linkedBinding("fs"));`,
      "uses the prototype of process": `return useProcess(Object.getPrototypeOf(process).constructor.prototype);`,
      "uses process.mainModule": `return read(process.mainModule.require("fs"));`,
      "starts a worker": `new Worker("", { eval: true }); return PROOF;`,
      "finds objects in the frames of a stack": `${useCaptured}
        const captured = [];
        Error.prepareStackTrace = (error, sites) => {
          for (const site of sites) {
            captured.push(site.getThis(), site.getFunction());
            try { captured.push(...site.getFunction().arguments); } catch {}
          }
          return "";
        };
        Error.stackTraceLimit = 100;
        void new Error().stack;
        const deep = () => deep();
        try { deep(); } catch (error) { void error.stack; }
        try { require("util").inspect({ get a() { throw void new Error().stack; } }, { getters: true }); } catch {}
        try { new (require("events"))().emit("error", new Error("x")); } catch (error) { void error.stack; }
        await null;
        void new Error().stack;
        return useCaptured(captured);`,
      "finds the caller of a function": `
        function outer() { return outer.caller ?? arguments.callee.caller; }
        const captured = [];
        for (let found = outer(); found; found = found.caller) captured.push(found, ...found.arguments);
        ${useCaptured}
        return useCaptured(captured);`,
      "is told objects by replaced methods of emitters": `${useCaptured}
        const captured = [];
        const { EventEmitter } = require("events");
        for (const name of ["emit", "on", "once", "addListener", "listenerCount"]) {
          const original = EventEmitter.prototype[name];
          EventEmitter.prototype[name] = function (...values) {
            captured.push(this, ...values);
            return original.apply(this, values);
          };
        }
        require("crypto").createHash("sha1").on("error", () => {}).end("x");
        require("util").deprecate(() => {}, "old", "X1")();
        AbortSignal.timeout(1).addEventListener("abort", () => { throw new Error("x"); });
        Promise.reject(new Error("late"));
        await new Promise((resolve) => setTimeout(resolve, 30));
        return useCaptured(captured);`,
      "is told objects by setters on Object.prototype": `${useCaptured}
        const captured = [];
        for (const name of ["exports", "require", "process", "internalBinding", "primordials", "canBeRequiredByUsers", "errno", "code", "loaded"]) {
          Object.defineProperty(Object.prototype, name, { configurable: true, get() { return undefined; }, set(value) {
            captured.push(this, value);
            Object.defineProperty(this, name, { value, writable: true, configurable: true, enumerable: true });
          } });
        }
        ${loadsLazily}
        return useCaptured(captured);`,
      "is told objects by setters on Array.prototype": `${useCaptured}
        const captured = new Set();
        for (let index = 0; index < 5; index += 1) {
          Object.defineProperty(Array.prototype, index, { configurable: true, get() { return undefined; }, set(value) {
            captured.add(this).add(value);
            Object.defineProperty(this, index, { value, writable: true, configurable: true, enumerable: true });
          } });
        }
        ${loadsLazily}
        return useCaptured(captured);`,
      "is told objects by replaced methods of the language": `${useCaptured}
        const captured = [];
        const hook = (target, name) => {
          const original = target[name];
          target[name] = function (...values) {
            if (captured.length < 10000) captured[captured.length] = this, values.length && (captured[captured.length] = values[0], captured[captured.length] = values.at(-1));
            return Reflect.apply(original, this, values);
          };
        };
        for (const name of ["get", "set", "has", "delete"]) hook(Map.prototype, name);
        for (const name of ["call", "apply", "bind"]) hook(Function.prototype, name);
        for (const name of ["then", "finally"]) hook(Promise.prototype, name);
        for (const name of ["concat", "allocUnsafe", "from"]) hook(Buffer, name);
        for (const name of ["toString", "subarray", "readUInt32LE", "writeUInt8"]) hook(Buffer.prototype, name);
        hook(JSON, "stringify");
        ${loadsLazily}
        return useCaptured(captured);`,
      "walks from a timer to those of Node": `${useCaptured}
        const captured = [];
        const { set } = Map.prototype;
        Map.prototype.set = function (key, value) { captured.push(this, key, value); return set.call(this, key, value); };
        setTimeout(() => {}, 1000);
        for (let at = 0; at < captured.length && at < 1000; at += 1) {
          const value = captured[at];
          if (typeof value !== "object" || value === null || value instanceof Map) continue;
          for (const name of Reflect.ownKeys(value)) captured.push(value[name]);
          captured.push(Object.getPrototypeOf(value)?.constructor);
        }
        return useCaptured(captured);`,
      "is shown the process object by inspect": `
        const { inspect } = require("util");
        const seen = [];
        const spy = { [inspect.custom]: (depth, options, own) => { seen.push(options.stylize?.constructor("return process")(), own); return ""; } };
        inspect(spy);
        return useProcess(seen[0]);`,
      "climbs from a hash to the streams of files": `
        let stream = require("crypto").Hash.prototype;
        const found = [];
        for (; stream; stream = Object.getPrototypeOf(stream)) found.push(stream.constructor);
        const Stream = found.find((value) => value?.Readable);
        const { ReadStream } = Stream.Readable.from([]).constructor;
        return read({ readFileSync: () => new ReadStream(FILE).read() });`,
      "makes a file handle out of a clone": `${fileHandle}
        const handle = await fileHandleOf({ fd: 1 });
        await handle.write(Buffer.from([0, 0, 0, 0, 1]));
        return PROOF;`,
      "opens a path by the stream of a cloned file handle": `${fileHandle}
        const handle = await fileHandleOf({ fd: 0 });
        const { constructor: ReadStream } = handle.createReadStream();
        let text = "";
        for await (const part of new ReadStream(FILE)) text += part;
        return text;`,
      "asks a cloned port for its realm": `
        const list = Object.getOwnPropertySymbols(AbortSignal.prototype).find((symbol) => /transfer_list/.test(String(symbol)));
        const [port] = require("util").transferableAbortController().signal[list]();
        return useProcess(port.constructor.constructor("return process")());`,
      "opens a module's path by a source map": `
        return JSON.stringify(require("util").getCallSites({ sourceMap: true }).concat(eval("new Error(1).stack\\n//# sourceMappingURL=" + FILE)));`,
      "loads a module by streaming WebAssembly": `${useCaptured}
        const captured = [];
        Object.defineProperty(Object.prototype, "exports", { configurable: true, set(value) {
          captured.push(this, value);
          Object.defineProperty(this, "exports", { value, writable: true, configurable: true });
        } });
        await WebAssembly.compileStreaming(Promise.resolve({})).catch(() => {});
        return useCaptured(captured);`,
      "imports by code of WebAssembly": `
        const { instance } = await WebAssembly.instantiate(
          new Uint8Array([0,97,115,109,1,0,0,0,1,5,1,96,0,1,111,2,7,1,1,109,1,102,0,0,7,5,1,1,102,0,0]),
          { m: { f: () => process } });
        return useProcess(instance.exports.f());`,
      "starts a thread that watches for signals": `
        require("util").setTraceSigInt(true);
        require("util").setTraceSigInt(false);
        return process.kill ? PROOF : "no process.kill";`,
      "makes a Proxy of require": `return read(new Proxy(require, {})("fs"));`,
      "makes an EventEmitter of an AsyncResource": `
        const { EventEmitterAsyncResource } = require("events");
        const { asyncResource } = new EventEmitterAsyncResource({ name: "x" });
        return useProcess(asyncResource.runInAsyncScope(function () { return this.process ?? this.constructor.constructor("return process")(); }, globalThis));`,
      "reads a file as a blob of a URL": `
        return (await require("buffer").resolveObjectURL("file://" + FILE)).text();`,
      "asks for an object by its URL": `return await fetch(URL.createObjectURL(new Blob(["x"]))).then(() => read(require("fs")));`,
    },
    { noControl: true },
  ),
];

function each(codes: Readonly<Record<string, string>>, flags: Partial<Attempt> = {}): Attempt[] {
  return Object.entries(codes).map(([name, code]) => ({ name, code, ...flags }));
}
