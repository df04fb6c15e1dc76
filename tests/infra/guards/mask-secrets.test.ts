import assert from "node:assert/strict";
import { maskSecrets } from "../../../infra/guards/mask-secrets.ts";

describe("masking secrets", () => {
  const secrets = [{ label: "AUTH0_CLIENT_SECRET", value: "correct horse battery" }];

  it("masks what is known, tokens of a known form, and what looks like a key", () => {
    const random = "q7Zt0LxW9bVr3Nc8Jm2Hs6Kd1Gf4PyAe";
    for (const secret of [
      "correct horse battery",
      ["sk", "live", "0123456789abcdefABCDEF"].join("_"),
      random,
    ]) {
      const masked = maskSecrets(`+const key = "${secret}";`, secrets);
      assert.equal(masked, '+const key = "[masked]";');
    }
  });

  it("leaves our own code as it is, with the hash in its header", () => {
    const code = `-// Sources: sha256 ${"0123456789abcdef".repeat(4)}\n+const hostNameOfTheDefaultPictureUrl = "https://img.acme.com/";`;
    assert.equal(maskSecrets(code, secrets), code);
  });
});
