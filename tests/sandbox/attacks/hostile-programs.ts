/** A program in place of the sandbox's own, with the pipes in its hands: what it says may not confuse its parent. */
export interface HostileProgram {
  readonly name: string;
  /**
   * Runs once the process is closed and has been given its code. `write(bytes)` says something, `frame(kind, content, length)` makes
   * a frame, `asked()` waits for a request, `outcome(object)` is the frame of an answer, `sleep(ms)` waits.
   */
  readonly code: string;
  /** How many of the two requests it may answer: what an Action says of its own login is its own affair. */
  readonly answers: number;
  /** What it is asked. */
  readonly asks?: "batch";
  /** It is asked only after a while. */
  readonly askedLate?: true;
}

const answered = `asked(); write(outcome({}));`;

export const hostilePrograms: readonly HostileProgram[] = [
  ...saying(0, {
    "says garbage": `asked(); write(require("crypto").randomBytes(100000));`,
    "says text": `asked(); write(Buffer.from("HTTP/1.1 200 OK\\r\\n\\r\\n"));`,
    "says again that it is ready": `asked(); write(frame(1, "")); write(outcome({}));`,
    "announces four gigabytes": `asked(); write(frame(2, "", 0xffffffff));`,
    "announces one byte too many": `asked(); write(frame(2, "", 8 * 1024 * 1024 + 1));`,
    "says a hundred megabytes": `asked(); write(frame(2, "[" + " ".repeat(100e6) + "]"));`,
    "says half a header": `asked(); write(Buffer.from([1, 0]));`,
    "says half an answer": `asked(); write(outcome({}).subarray(0, -1));`,
    "says an answer a byte at a time": `
      asked();
      for (const byte of outcome({ console: ["x".repeat(500)] })) { write(Buffer.from([byte])); await sleep(50); }`,
    "says nothing": `asked(); await sleep(1e6);`,
    "stops itself": `asked(); process.kill(process.pid, "SIGSTOP");`,
    "ends itself in the middle of an answer": `asked(); write(outcome({}).subarray(0, -1)); process.exit(0);`,
    "closes its output": `asked(); require("fs").closeSync(1); await sleep(1e6);`,
    "closes its input": `require("fs").closeSync(0); await sleep(1e6);`,
    "answers on its input": `asked(); require("fs").writeSync(0, outcome({})); await sleep(1e6);`,
    "says for a login that it is alive, without end": `asked(); for (;;) { write(frame(6, "")); await sleep(20); }`,
    "says a kind that there is not": `asked(); write(frame(99, "{}"));`,
    "says the kind zero": `asked(); write(frame(0, "{}"));`,
    "answers a login as a batch": `asked(); write(frame(4, "[[1]]"));`,
    "answers a login as one that hangs": `asked(); write(frame(5, ""));`,
    "answers with no text": `asked(); write(frame(2, ""));`,
    "answers with what is not JSON": `asked(); write(frame(2, "{effects: []}"));`,
    "answers with a list": `asked(); write(frame(2, "[]"));`,
    "answers with null": `asked(); write(frame(2, "null"));`,
    "answers with effects that only have a length": `asked(); write(outcome({ effects: { length: 1e9 } }));`,
    "answers with an effect that there is not": `
      asked(); write(outcome({ effects: [{ kind: "user.delete", name: "x" }] }));`,
    "answers with an effect of the prototype": `
      asked(); write(outcome({ effects: [{ kind: "constructor", name: "x" }] }));`,
    "answers with an effect without a name": `
      asked(); write(outcome({ effects: [{ kind: "idToken.setCustomClaim", name: {} }] }));`,
    "answers with what it inherits by __proto__": `
      asked(); write(frame(2, '{"__proto__": {"effects": [], "console": []}}'));`,
    "answers with a million effects": `
      asked(); write(outcome({ effects: Array(1e5).fill({ kind: "idToken.setCustomClaim", name: "x" }) }));`,
    "answers with a nest that no parser's stack would hold": `
      asked(); write(frame(2, "[".repeat(8e6)));`,
    "answers with a nest that no writer's stack would hold": `
      asked();
      write(frame(2, '{"console":[],"effects":[{"kind":"user.setUserMetadata","name":"x","value":' + "[".repeat(1e6) + "]".repeat(1e6) + "}]}"));`,
    "answers with too many lines": `asked(); write(outcome({ console: Array(101).fill("") }));`,
    "answers with a line that is too long": `asked(); write(outcome({ console: ["x".repeat(1001)] }));`,
    "answers with a reason that is too long": `asked(); write(outcome({ denied: "x".repeat(1e6) }));`,
    "answers with a reason that is an object": `asked(); write(outcome({ denied: { toString: 1 } }));`,
  }),
  ...saying(1, {
    "answers twice": `asked(); write(Buffer.concat([outcome({}), outcome({})])); asked();`,
    "answers the next login beforehand": `${answered} await sleep(100); write(outcome({})); asked();`,
    floods: `${answered} for (;;) write(Buffer.concat(Array(1000).fill(outcome({}))));`,
    "floods with frames without content": `${answered} for (;;) write(Buffer.alloc(65536, 0));`,
    "says that it is alive when nothing is asked": `${answered} await sleep(50); write(frame(6, "")); asked(); write(outcome({}));`,
    "works on after its answer": `${answered} for (;;);`,
    "says that it crashed and answers on": `asked(); write(frame(3, '{"effects":[],"console":[]}')); ${answered}`,
  }),
  {
    name: "says something before it is asked",
    code: `write(outcome({})); asked(); write(outcome({}));`,
    answers: 0,
    askedLate: true,
  },
  {
    name: "floods a batch with being alive",
    code: `asked(); for (;;) write(Buffer.concat(Array(1000).fill(frame(6, ""))));`,
    answers: 0,
    asks: "batch",
  },
];

function saying(answers: number, codes: Readonly<Record<string, string>>): HostileProgram[] {
  return Object.entries(codes).map(([name, code]) => ({ name, code, answers }));
}

/** The program, which starts as the sandbox's own does. */
export function hostileScript({ code }: HostileProgram): string {
  return `
    const { readSync, writeSync } = require("fs");
    const frame = (kind, content, length = Buffer.byteLength(content)) => {
      const header = Buffer.alloc(5);
      header.writeUInt32LE(length, 0);
      header.writeUInt8(kind, 4);
      return Buffer.concat([header, Buffer.from(content)]);
    };
    const outcome = (fields) => frame(2, JSON.stringify({ effects: [], console: [], ...fields }));
    const write = (bytes) => { for (let at = 0; at < bytes.length;) at += writeSync(1, bytes, at); };
    const fill = (length) => {
      const bytes = Buffer.alloc(length);
      for (let at = 0; at < length;) {
        const count = readSync(0, bytes, at, length - at, null);
        if (count === 0) process.exit(0);
        at += count;
      }
      return bytes;
    };
    const asked = () => fill(fill(5).readUInt32LE(0));
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const main = async () => {
      new Date().toString();
      await new Promise((resolve) => require("crypto").randomBytes(1, resolve));
      write(frame(1, ""));
      asked();
      ${code}
      for (;;) await sleep(1000);
    };
    main();`;
}
