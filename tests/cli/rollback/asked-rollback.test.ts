import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { PassThrough } from "node:stream";
import { readPins } from "../../../stack/pins.ts";
import { rolledStack } from "./rolled-stack.ts";

describe("a rollback that asks on a terminal", () => {
  const stack = rolledStack();
  const former = ["stdin", "stderr"].map(
    (name) => [name, Object.getOwnPropertyDescriptor(process, name)!] as const,
  );
  let typed: PassThrough;
  let question: Promise<string>;

  beforeEach(() => {
    typed = Object.assign(new PassThrough(), { isTTY: true });
    const shown = Object.assign(new PassThrough(), { isTTY: true });
    question = new Promise((resolve) => shown.once("data", (text: Buffer) => resolve(text.toString())));
    Object.defineProperty(process, "stdin", { configurable: true, value: typed });
    Object.defineProperty(process, "stderr", { configurable: true, value: shown });
  });
  afterEach(() => {
    for (const [name, descriptor] of former) Object.defineProperty(process, name, descriptor);
  });

  const deployed = async () => (await stack().action("user-picture")).deployed_version;

  it("changes nothing where something was deployed before the answer came", async () => {
    const run = stack().rollback({ yes: false });
    assert.match(await question, /from version 3 to the code of version 2/);
    await stack().deploy(1);
    typed.write("y\n");
    await assert.rejects(run, { code: "changed-meanwhile", message: /deployed to user-picture/ });
    assert.equal((await deployed()).number, 4);
    assert.equal(existsSync(stack().files.folder), false);
  });

  it("does what it showed where nothing was", async () => {
    const run = stack().rollback({ yes: false });
    await question;
    typed.write("y\n");
    await run;
    assert.equal((await deployed()).code, stack().codeOf("user-picture", 2));
    assert.equal(readPins(stack().files).pins[0]?.version, 2);
  });
});
