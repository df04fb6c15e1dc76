/** What an Action leaves for one of another flow. `leave` has the secret in `event.secret`; `find` returns what it finds. */
export interface Leftover {
  readonly name: string;
  readonly leave: string;
  readonly find: string;
}

/** Reads memory that nobody has written to since it was another's. What it looks for is not in its own code, which is in memory, too. */
const search = (allocate: string): string => `
  const start = ["secret", "of", ""].join("-");
  for (let index = 0; index < 200; index += 1) {
    const memory = ${allocate};
    const at = memory.indexOf(start);
    if (at >= 0) return memory.toString("latin1", at, at + 60);
  }
  return "";`;

const keep = `globalThis.kept = event.secret; Object.prototype.kept = event.secret;`;

/** From one flow to another one, in one sandbox that has one place: nothing may be found. */
export const leftovers: readonly Leftover[] = [
  { name: "leaves a global", leave: keep, find: `return String(globalThis.kept);` },
  { name: "leaves a property of Object.prototype", leave: keep, find: `return String({}.kept);` },
  {
    name: "leaves a property of Array.prototype",
    leave: `Array.prototype.kept = event.secret;`,
    find: `return String([].kept);`,
  },
  {
    name: "leaves a replaced method of the language",
    leave: `JSON.stringify = () => event.secret; String.prototype.trim = () => event.secret;`,
    find: `return JSON.stringify({}) + "".trim();`,
  },
  {
    name: "leaves a property of a module",
    leave: `require("util").kept = event.secret; require("crypto").createHash.kept = event.secret;`,
    find: `return require("util").kept + require("crypto").createHash.kept;`,
  },
  {
    name: "leaves a replaced function of a module",
    leave: `require("crypto").createHash = () => ({ update: () => ({ digest: () => event.secret }) });`,
    find: `return require("crypto").createHash("sha1").update("a").digest("hex");`,
  },
  {
    name: "leaves a property of process",
    leave: `process.kept = event.secret; process.env.KEPT = event.secret;`,
    find: `return process.kept + process.env.KEPT;`,
  },
  {
    name: "leaves an entry in the cache",
    leave: `api.cache.set("kept", event.secret);`,
    find: `return JSON.stringify(api.cache.get("kept") ?? "");`,
  },
  {
    name: "leaves a registered symbol's value",
    leave: `globalThis[Symbol.for("kept")] = event.secret;`,
    find: `return String(globalThis[Symbol.for("kept")]);`,
  },
  {
    name: "leaves the last match of a pattern",
    leave: `/(.*)/.exec(event.secret);`,
    find: `return RegExp.$1 + RegExp.input + RegExp.lastMatch;`,
  },
  {
    name: "leaves a stack that is prepared",
    leave: `Error.prepareStackTrace = () => event.secret;`,
    find: `return String(new Error("x").stack);`,
  },
  {
    name: "leaves text in the pool of buffers",
    leave: `globalThis.all = Array.from({ length: 500 }, (_, index) => Buffer.from(event.secret + index)); all = null;`,
    find: search("Buffer.allocUnsafe(1000)"),
  },
  {
    name: "leaves text in freed memory",
    leave: `for (let index = 0; index < 50; index += 1) Buffer.alloc(1000000, event.secret);`,
    find: search("Buffer.allocUnsafeSlow(1000000)"),
  },
  {
    name: "leaves a blob under an address",
    leave: `
      const address = URL.createObjectURL(new Blob([event.secret]));
      globalThis.address = address;`,
    find: `
      const { resolveObjectURL } = require("buffer");
      const own = URL.createObjectURL(new Blob(["x"]));
      const found = [];
      for (const address of [globalThis.address, own.replace(/[^:]*$/, "1")]) found.push(await resolveObjectURL(String(address))?.text());
      return found.join();`,
  },
  {
    name: "leaves a timer that prints",
    leave: `setInterval(() => console.log(event.secret), 1);`,
    find: `await new Promise((resolve) => setTimeout(resolve, 20)); return "";`,
  },
  {
    name: "leaves a timer that throws",
    leave: `setTimeout(() => { throw new Error(event.secret); }, 5);`,
    find: `await new Promise((resolve) => setTimeout(resolve, 20)); return "";`,
  },
  {
    name: "leaves a promise that is rejected",
    leave: `Promise.reject(new Error(event.secret));`,
    find: `await new Promise((resolve) => setTimeout(resolve, 5)); return "";`,
  },
  {
    name: "leaves a microtask that sets claims",
    leave: `
      const chain = (left) => left > 0 && Promise.resolve().then(() => { api.idToken.setCustomClaim("found", event.secret); chain(left - 1); });
      chain(20);`,
    find: `await null; return "";`,
  },
  {
    name: "leaves its api and calls it later",
    leave: `globalThis.later = api; setTimeout(() => api.idToken.setCustomClaim("found", event.secret), 1);`,
    find: `globalThis.later?.idToken.setCustomClaim("found", "secret-of-later"); await new Promise((resolve) => setTimeout(resolve, 10)); return "";`,
  },
  {
    name: "leaves work in threads whose end throws",
    leave: `require("crypto").randomBytes(1000, () => { throw new Error(event.secret); });`,
    find: `await new Promise((resolve) => setTimeout(resolve, 20)); return "";`,
  },
];
