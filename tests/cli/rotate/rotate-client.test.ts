import assert from "node:assert/strict";
import { rotateClient } from "../../../cli/rotate/rotate-client.ts";
import { testKeyPair } from "../../key-pair.ts";
import { Killed, stackInMemory, type StackInMemory } from "./stack-in-memory.ts";

const pair = testKeyPair();
const withKey = (changes: Readonly<Record<string, string>> = {}) =>
  stackInMemory(
    {
      clientAuthentication: "private_key_jwt",
      clientPublicKeys: JSON.stringify([pair.publicKey]),
      clientPrivateKey: pair.privateKey,
      ...changes,
    },
    ["clientPrivateKey"],
  );

/** The number of public keys or of clients in the configuration. */
const count = (stack: StackInMemory, key: string) =>
  (JSON.parse(stack.text(key) ?? "[]") as unknown[]).length;

describe("a rotation of the client's credential", () => {
  it("is refused where a private key is readable in the configuration", async () => {
    const { context } = stackInMemory({
      clientAuthentication: "private_key_jwt",
      clientPublicKeys: JSON.stringify([pair.publicKey]),
      clientPrivateKey: pair.privateKey,
    });
    await assert.rejects(rotateClient(context, "begin"), (error: Error & { code?: string }) => {
      assert.equal(error.code, "client-key-readable");
      assert.doesNotMatch(error.message, /BEGIN/);
      return true;
    });
  });

  it("is refused where the client holds two keys already", async () => {
    const stack = withKey({ clientPublicKeys: JSON.stringify([pair.publicKey, testKeyPair().publicKey]) });
    await assert.rejects(rotateClient(stack.context, "begin"), { code: "client-keys-full" });
    assert.equal(stack.text("clientNextPrivateKey"), undefined);
  });

  it("does not take the old key away where the new one does not work", async () => {
    const stack = withKey();
    stack.killBefore(2);
    await assert.rejects(rotateClient(stack.context, "begin"), Killed);
    stack.killBefore(undefined);
    await assert.rejects(rotateClient(stack.context, "finish"), { code: "client-refused" });
    assert.equal(count(stack, "clientPublicKeys"), 2);
    assert.equal(stack.text("clientPrivateKey"), pair.privateKey);
  });

  it("does not take the old client away where the new one is not deployed", async () => {
    const stack = stackInMemory({});
    stack.killBefore(1);
    await assert.rejects(rotateClient(stack.context, "begin"), Killed);
    stack.killBefore(undefined);
    await assert.rejects(rotateClient(stack.context, "finish"), { code: "rotation-not-deployed" });
    assert.equal(stack.text("clientGenerations"), "[1,2]");
  });

  it("of a secret goes by a second client: both work until the first one goes", async () => {
    const stack = stackInMemory({});
    const works = (client: string) => stack.works(client, { clientSecret: `secret-of-${client}` });
    const begun = await rotateClient(stack.context, "begin");
    assert.deepEqual(begun, { kind: "secret", phase: "begun", clientId: "client-2" });
    assert.deepEqual([works("client-1"), works("client-2")], [true, true]);
    const finished = await rotateClient(stack.context, "finish");
    assert.deepEqual(finished, { kind: "secret", phase: "finished", clientId: "client-2" });
    assert.deepEqual([works("client-1"), works("client-2")], [false, true]);
    assert.equal((await rotateClient(stack.context, "begin")).clientId, "client-3");
  });

  it("of a key leaves the new pair, encrypted, and nothing else", async () => {
    const stack = withKey();
    await rotateClient(stack.context, "begin");
    assert.equal(stack.works("client-1", pair), true);
    await rotateClient(stack.context, "finish");
    assert.equal(stack.works("client-1", pair), false);
    assert.equal(stack.works("client-1", { privateKey: stack.text("clientPrivateKey") ?? "" }), true);
    assert.equal(count(stack, "clientPublicKeys"), 1);
    assert.equal(stack.text("clientNextPrivateKey"), undefined);
    assert.doesNotMatch(stack.shown.join("\n"), /PRIVATE KEY|secret-of/);
  });

  it("changes nothing more where there is nothing to finish", async () => {
    for (const stack of [stackInMemory({}), withKey()]) {
      const before = [stack.text("clientGenerations"), stack.text("clientPublicKeys")];
      assert.equal((await rotateClient(stack.context, "finish")).phase, "finished");
      assert.deepEqual([stack.text("clientGenerations"), stack.text("clientPublicKeys")], before);
    }
  });

  const kinds: Record<string, () => StackInMemory> = {
    secret: () => stackInMemory({}),
    key: () => withKey(),
  };
  for (const [kind, fresh] of Object.entries(kinds)) {
    it(`of a ${kind} goes on after a kill at any of its steps, and the stack's own credential works at each`, async () => {
      for (let step = 0; ; step += 1) {
        const stack = fresh();
        const kills = await runKilledAt(stack, step);
        const finished = await rotateClient(stack.context, "finish");
        assert.equal(finished.phase, "finished");
        assert.equal(count(stack, "clientPublicKeys") <= 1, true);
        assert.equal(stack.text("clientNextPrivateKey"), undefined);
        await ownCredentialWorks(stack);
        if (kills === 0) break;
      }
    });
  }
});

/** Both phases with one kill before the given change, each phase again after it. How many kills there were: 0 or 1. */
async function runKilledAt(stack: StackInMemory, step: number): Promise<number> {
  let kills = 0;
  stack.killBefore(step);
  for (const phase of ["begin", "finish"] as const) {
    for (;;) {
      try {
        await rotateClient(stack.context, phase);
        break;
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        kills += 1;
        stack.killBefore(undefined);
        await ownCredentialWorks(stack);
      }
    }
  }
  stack.killBefore(undefined);
  return kills;
}

/** As the commands find it: client and secret in the outputs, the private key in the configuration. */
async function ownCredentialWorks(stack: StackInMemory): Promise<void> {
  const outputs = await stack.context.outputs();
  const [id, secret] = [outputs["managementClientId"], outputs["managementClientSecret"]];
  const privateKey = stack.text("clientPrivateKey");
  const clientAuth = typeof secret === "string" ? { clientSecret: secret } : { privateKey: privateKey ?? "" };
  assert.equal(stack.works(String(id), clientAuth), true);
}
