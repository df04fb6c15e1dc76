import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { bundleActions } from "../../stack/bundle-actions.ts";
import { knownSecrets, maskSecrets, refuseSecretsInCode } from "../../stack/secrets-in-code.ts";
import { settingsWith } from "../policy/settings.ts";

const hash = createHash("sha256").update("anything").digest("hex");

function bundle(literal: string) {
  return [{ name: "user-picture", code: `// a comment\nconst text = ${JSON.stringify(literal)};\n` }];
}

describe("a secret in an Action's code", () => {
  // Put together here: as a whole they would look like leaked ones to whoever scans this repository.
  const tokens: Record<string, string> = {
    "a private key": ["-----BEGIN", "PRIVATE KEY-----"].join(" "),
    "a JSON Web Token": ["eyJhbGciOiJSUzI1NiJ9", "eyJzdWIiOiIxMjM0NTY3ODkwIn0", "c2ln"].join("."),
    "an AWS access key id": `AKIA${"Q".repeat(15)}7`,
    "a GitHub token": `ghp_${"a1".repeat(18)}`,
    "a Slack token": `xoxb-${"1".repeat(12)}`,
    "a Stripe key": `sk_live_${"a1".repeat(10)}`,
    "a user name and a password in a URL": "https://paul:pass@img.acme.com/",
    "a key or a token": hash,
  };
  for (const [what, token] of Object.entries(tokens)) {
    it(`is found where it is ${what}, and is not shown`, () => {
      assert.throws(
        () => refuseSecretsInCode(bundle(token), []),
        (error: Error & { code?: string }) => {
          assert.equal(error.code, "secret-in-code");
          assert.ok(
            error.message.includes(`Action user-picture contains what looks like ${what}, in line 2.`),
          );
          assert.equal(error.message.includes(token), false);
          return true;
        },
      );
    });
  }

  it("is found where it is random like a client secret of Auth0", () => {
    for (let run = 0; run < 100; run += 1) {
      const secret = `aA1${randomBytes(45).toString("base64url")}`;
      assert.throws(() => refuseSecretsInCode(bundle(secret), []), { code: "secret-in-code" });
    }
  });

  it("is found by its value, whatever it looks like, with its line ends written as JavaScript does", () => {
    for (const value of ["correct horse battery", "first line\nsecond line"]) {
      assert.throws(
        () => refuseSecretsInCode(bundle(`x${value}x`), [{ label: "AUTH0_CLIENT_SECRET", value }]),
        (error: Error) =>
          error.message.includes("the value of AUTH0_CLIENT_SECRET") && !error.message.includes(value),
      );
    }
  });

  it("is looked for in the environment and in every encrypted key", () => {
    const env = {
      AUTH0_CLIENT_SECRET: "hush-hush",
      AUTH0_CLIENT_ID: "an-id-is-no-secret",
      AWS_SESSION_TOKEN: " ",
    };
    const config = { "acme:key": "encrypted-value", "acme:other": "plain-value" };
    assert.deepEqual(knownSecrets(env, config, new Set(["acme:key", "acme:gone"])), [
      { label: "AUTH0_CLIENT_SECRET", value: "hush-hush" },
      { label: "the encrypted config key acme:key", value: "encrypted-value" },
    ]);
  });

  it("is each of the keys that name the folders of uploads", () => {
    const keys = ["k", "f"].map((letter) => Buffer.alloc(32, letter).toString("base64"));
    const both = { "acme:uploadKey": keys.join(" ") };
    for (const secrets of [
      knownSecrets({}, both, new Set(["acme:uploadKey"])),
      knownSecrets({ PICTURES_UPLOAD_KEY: keys.join("\n") }, {}, new Set()),
    ]) {
      for (const key of keys)
        assert.throws(() => refuseSecretsInCode(bundle(`"${key}"`), secrets), {
          code: "secret-in-code",
          message: /the value of (the encrypted config key acme:uploadKey|PICTURES_UPLOAD_KEY)/,
        });
    }
  });

  it("is nothing that is short, a name, an address or a setting that everybody sees", () => {
    const texts = [
      "https://acme-staging-user-pictures.s3.eu-central-1.amazonaws.com/default-40e290ac95f4053a.png",
      "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
      "aVeryLongNameOfAFunctionThatSomebodyWroteIn2026",
    ];
    for (const text of texts) refuseSecretsInCode(bundle(text), [{ label: "short", value: "in" }]);
    refuseSecretsInCode(
      bundle(`https://pub-${hash}.r2.dev/users/`),
      [],
      [`https://pub-${hash}.r2.dev/users/`],
    );
  });

  it("is not in our own Actions", () => {
    refuseSecretsInCode(
      bundleActions(settingsWith({ samlAttribute: "http://schemas.auth0.com/picture" })),
      [],
    );
  });
});

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
