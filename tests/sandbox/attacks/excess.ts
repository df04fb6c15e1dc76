import type { Attempt } from "./attempt.ts";

const gigabytes4 = "2 ** 32";

/** Ways to four gigabytes, which are all outside of the engine's heap but for the last one. PROOF where there was so much. */
export const memoryAttempts: readonly Attempt[] = [
  ...each({
    "takes four gigabytes by buffers": pieces("Buffer.alloc(size, 1)"),
    "takes four gigabytes by typed arrays": pieces("new Uint8Array(size).fill(1)"),
    "takes four gigabytes by floats": pieces("new Float64Array(size / 8).fill(1)"),
    "takes four gigabytes by random bytes": pieces(`require("crypto").randomBytes(size)`),
    "takes four gigabytes by shared memory": pieces("new Uint8Array(new SharedArrayBuffer(size)).fill(1)"),
    "takes four gigabytes by memory that grows": grown(
      "new ArrayBuffer(0, { maxByteLength: most })",
      "resize",
    ),
    "takes four gigabytes by shared memory that grows": grown(
      "new SharedArrayBuffer(0, { maxByteLength: most })",
      "grow",
    ),
    "takes four gigabytes by memory that is handed on": pieces(`
      (() => { const buffer = new ArrayBuffer(size); new Uint8Array(buffer).fill(1); return buffer.transfer?.(size) ?? buffer; })()`),
    "takes four gigabytes by WebAssembly": `
      const memory = new WebAssembly.Memory({ initial: 0, maximum: 65536 });
      for (let pages = 0; pages < 65536; pages += 1024) {
        memory.grow(1024);
        new Uint8Array(memory.buffer, pages * 65536, 1024 * 65536).fill(1);
      }
      return memory.buffer.byteLength >= ${gigabytes4} - 65536 ? PROOF : "";`,
    "takes four gigabytes by many memories of WebAssembly": pieces(`
      new Uint8Array(new WebAssembly.Memory({ initial: size / 65536 }).buffer).fill(1)`),
    "takes four gigabytes by texts": pieces(`Buffer.alloc(size, 97).toString("latin1")`),
    "takes four gigabytes by wide texts": pieces(
      `"\\u4e2d".repeat(size / 2).normalize() + Buffer.alloc(size, 97).toString("utf16le")`,
    ),
    "takes four gigabytes by blobs": pieces("new Blob([new Uint8Array(size).fill(1)])"),
    "takes four gigabytes by keys": pieces(`require("crypto").createSecretKey(Buffer.alloc(size, 1))`),
    "takes four gigabytes by clones": `const first = new Uint8Array(64 * 1024 * 1024).fill(1); ${pieces("structuredClone(first)")}`,
    "takes four gigabytes by a key derivation": `
      require("crypto").scryptSync("a", "b", 8, { N: 2 ** 22, r: 8, maxmem: 2 ** 33 });
      return PROOF;`,
    "takes four gigabytes by key derivations in threads": `
      const { scrypt } = require("crypto");
      const once = () => new Promise((resolve, reject) => {
        scrypt("a", "b", 8, { N: 2 ** 21, r: 8, maxmem: 2 ** 33 }, (error) => (error ? reject(error) : resolve()));
      });
      await Promise.all([once(), once()]);
      return PROOF;`,
    "takes four gigabytes by Argon2": `
      require("crypto").argon2Sync("argon2id", { message: "a", nonce: "bbbbbbbbbbbbbbbb", parallelism: 1, tagLength: 16, memory: 2 ** 22, passes: 1 });
      return PROOF;`,
    "takes four gigabytes of the heap": `
      const all = [];
      for (let taken = 0; taken < ${gigabytes4}; taken += 8e6) all.push(new Array(1e6).fill(taken));
      return PROOF;`,
    "takes four gigabytes by cached entries": `
      for (let index = 0; index < 64; index += 1) api.cache.set("key" + index, Buffer.alloc(64 * 1024 * 1024, 1));
      return PROOF;`,
    "takes four gigabytes by what it prints": `
      for (let index = 0; index < 16; index += 1) console.log(Buffer.alloc(2 ** 28, 120).toString("latin1"));
      return PROOF;`,
    "takes four gigabytes by effects": `
      for (let index = 0; index < 4096; index += 1) api.idToken.setCustomClaim("claim" + index, "x".repeat(2 ** 20) + index);
      return PROOF;`,
  }),
];

/** Code that does not give the processor back, or goes on. */
export const timeAttempts: readonly Attempt[] = [
  ...each({
    loops: `for (;;);`,
    waits: `await new Promise(() => {});`,
    "chains promises": `for (;;) await null;`,
    "chains microtasks": `const again = () => queueMicrotask(again); again(); await new Promise(() => {});`,
    "chains ticks": `const again = () => process.nextTick(again); again(); await new Promise(() => {});`,
    "chains immediates": `const again = () => setImmediate(again); again(); await new Promise(() => {});`,
    "sets a timer over and over": `setInterval(() => {}, 0); await new Promise(() => {});`,
    "is a thenable that never settles": `return await { then() {} };`,
    "is thenable without end": `const then = (resolve) => resolve({ then }); return await { then };`,
    "waits for shared memory": `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);`,
    "waits for shared memory asynchronously": `await Atomics.waitAsync(new Int32Array(new SharedArrayBuffer(4)), 0, 0).value;`,
    "loops in WebAssembly": `
      const bytes = [0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,102,0,0,10,9,1,7,0,3,64,12,0,11,11];
      const { instance } = await WebAssembly.instantiate(new Uint8Array(bytes));
      instance.exports.f();`,
    "matches a pattern that takes for ever": `return /^(a+)+$/.test("a".repeat(60) + "!");`,
    "compares without end": `[1, 2].sort(() => { for (;;); });`,
    "loops where its claim is written": `api.idToken.setCustomClaim("a", { toJSON() { for (;;); } });`,
    "loops in a getter of what it throws": `throw { get message() { for (;;); } };`,
    "loops where what it prints is shown": `
      console.log({ [require("util").inspect.custom]() { for (;;); } });`,
    "loops in a replaced method of the sandbox's program": `Buffer.concat = () => { for (;;); }; Buffer.from = Buffer.concat;`,
    "derives a key for ever": `require("crypto").pbkdf2Sync("a", "b", 2 ** 31 - 1, 64, "sha512");`,
    "looks for a prime for ever": `require("crypto").generatePrimeSync(20000, { safe: true });`,
    "computes a number for ever": `let number = 3n; for (;;) number **= 3n;`,
    "loops in a frozen clock": `Date.now = () => 0; performance.now = () => 0; const start = Date.now(); while (Date.now() - start < 1e9);`,
  }),
];

/** Work that goes on after the login's answer. */
export const afterwardAttempts: readonly Attempt[] = [
  ...each({
    "derives keys in threads after the login": `
      for (let index = 0; index < 4; index += 1) require("crypto").pbkdf2("a", "b", 2 ** 31 - 1, 64, "sha512", () => {});`,
    "looks for primes in threads after the login": `
      for (let index = 0; index < 4; index += 1) require("crypto").generatePrime(20000, { safe: true }, () => {});`,
    "makes keys by the web's cryptography after the login": `
      for (let index = 0; index < 4; index += 1) {
        crypto.subtle.importKey("raw", Buffer.from("a"), "PBKDF2", false, ["deriveBits"])
          .then((key) => crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-512", salt: Buffer.from("b"), iterations: 2 ** 31 - 1 }, key, 512));
      }
      await new Promise((resolve) => setTimeout(resolve, 50));`,
    "takes memory in threads after the login": `
      for (let index = 0; index < 40; index += 1) require("crypto").scrypt("a", "b", 8, { N: 2 ** 17, r: 8, maxmem: 2 ** 33 }, () => {});`,
  }),
];

/** Sixty-four of 64 MB. */
function pieces(piece: string): string {
  return `
    const all = [];
    const size = 64 * 1024 * 1024;
    for (let index = 0; index < 64; index += 1) all.push(${piece});
    return all.length === 64 ? PROOF : "";`;
}

function grown(made: string, method: string): string {
  return `
    const most = 4 * 2 ** 30 - 2 ** 26;
    const memory = ${made};
    for (let size = 2 ** 26; size <= most; size += 2 ** 26) {
      memory.${method}(size);
      new Uint8Array(memory, size - 2 ** 26).fill(1);
    }
    return PROOF;`;
}

function each(codes: Readonly<Record<string, string>>): Attempt[] {
  return Object.entries(codes).map(([name, code]) => ({ name, code }));
}
