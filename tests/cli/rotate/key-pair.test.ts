import assert from "node:assert/strict";
import { createKeys, isSameKey, publicKeyOf } from "../../../cli/rotate/key-pair.ts";
import { testKeyPair } from "../../key-pair.ts";
import { Killed, stackInMemory } from "./stack-in-memory.ts";

describe("pictures keys create", () => {
  it("is refused where there are keys, and names what replaces them", async () => {
    const { publicKey } = testKeyPair();
    const stack = stackInMemory({ clientPublicKeys: JSON.stringify([publicKey]) });
    await assert.rejects(createKeys("dev", stack.context.config), {
      code: "client-keys-exist",
      message: /pictures rotate --stack dev/,
    });
  });

  it("writes both halves, the private one encrypted", async () => {
    const stack = stackInMemory({});
    const { publicKey, isInUse } = await createKeys("dev", stack.context.config);
    assert.equal(isInUse, false);
    const entry = (await stack.context.config.read()).get("clientPrivateKey");
    assert.equal(entry?.isSecret, true);
    assert.ok(isSameKey(publicKey, publicKeyOf(entry.text, "clientPrivateKey")));
    assert.deepEqual(JSON.parse(stack.text("clientPublicKeys") ?? ""), [publicKey]);
    assert.doesNotMatch(stack.shown.join("\n"), /PRIVATE KEY/);
  });

  it("takes the private half that a killed run left", async () => {
    const stack = stackInMemory({});
    stack.killBefore(1);
    await assert.rejects(createKeys("dev", stack.context.config), Killed);
    stack.killBefore(undefined);
    const left = stack.text("clientPrivateKey") ?? "";
    const { publicKey } = await createKeys("dev", stack.context.config);
    assert.ok(isSameKey(publicKey, publicKeyOf(left, "clientPrivateKey")));
  });
});
