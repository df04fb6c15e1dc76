import assert from "node:assert/strict";
import { ConfigError } from "../../stack/config-error.ts";
import { configNamespace } from "../../stack/read-config.ts";
import { readStack } from "../../stack/read-stack.ts";
import { testKeyPair } from "../key-pair.ts";

const complete = {
  auth0Domain: "acme-dev.eu.auth0.com",
  awsAccountId: "123456789012",
  awsRegion: "eu-central-1",
  imageBucket: "acme-dev-user-pictures",
};

function read(keys: Readonly<Record<string, string>>) {
  const all = Object.entries({ ...complete, ...keys });
  const encrypted = new Set([`${configNamespace}:clientPrivateKey`]);
  return readStack("dev", Object.fromEntries(all.map(([k, v]) => [`${configNamespace}:${k}`, v])), encrypted);
}

async function refusalOf(keys: Readonly<Record<string, string>>): Promise<ConfigError> {
  const error: unknown = await read(keys).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ConfigError);
  return error;
}

describe("the configuration of the Management API client", () => {
  const { publicKey, privateKey } = testKeyPair();

  const wrong: Record<string, readonly [Record<string, string>, RegExp]> = {
    "a capability that there is not": [{ capabilities: '["everything"]' }, /is not one of show, change/],
    "a wildcard as a capability": [{ capabilities: '["*"]' }, /is not one of/],
    "a way to authenticate that there is not": [{ clientAuthentication: "none" }, /is not one of/],
    "keys that are none": [{ clientPublicKeys: '["abc"]' }, /is not a key in PEM form/],
    "a private key among the public ones": [
      { clientPublicKeys: JSON.stringify([privateKey]) },
      /is a private key/,
    ],
    "a key that is too short": [
      { clientPublicKeys: JSON.stringify([testKeyPair(1024).publicKey]) },
      /1024 bits, fewer than 2048/,
    ],
    "the same key twice": [{ clientPublicKeys: JSON.stringify([publicKey, publicKey]) }, /same key twice/],
    "more keys than Auth0 takes": [
      { clientPublicKeys: JSON.stringify([publicKey, testKeyPair().publicKey, testKeyPair().publicKey]) },
      /holds 3 keys/,
    ],
    "authentication by a key where there is none": [
      { clientAuthentication: "private_key_jwt" },
      /holds no key.*run pictures keys create/,
    ],
    "no client": [{ clientGenerations: "[]" }, /is not the number of a client/],
    "three clients": [{ clientGenerations: "[1, 2, 3]" }, /is not the number of a client/],
    "a successor with a lower number": [{ clientGenerations: "[2, 1]" }, /is not the number of a client/],
  };
  for (const [what, [keys, message]] of Object.entries(wrong)) {
    it(`refuses ${what}`, async () => {
      assert.match((await refusalOf(keys)).message, message);
    });
  }

  it("shows nothing of a private key that stands among the public ones", async () => {
    const { message } = await refusalOf({ clientPublicKeys: JSON.stringify([privateKey]) });
    assert.doesNotMatch(message, /BEGIN/);
    for (const line of privateKey.split("\n").slice(1, -2)) assert.equal(message.includes(line), false);
  });

  it("shows nothing of a private key that it refuses", async () => {
    const broken = privateKey.replace("BEGIN PRIVATE", "BEGIN SECRET");
    const { message, problems } = await refusalOf({ clientPrivateKey: broken });
    assert.match(message, /clientPrivateKey \(\[encrypted\]\) is not a key in PEM form/);
    assert.equal(JSON.stringify([message, problems]).includes(privateKey.split("\n")[1] ?? ""), false);
  });

  it("holds a private key only as the fact that there is one", async () => {
    const { config } = await read({ clientPrivateKey: privateKey });
    assert.equal(config.clientPrivateKey, true);
  });

  it("takes two keys, for a rotation", async () => {
    const keys = [publicKey, testKeyPair().publicKey];
    const { config } = await read({
      clientAuthentication: "private_key_jwt",
      clientPublicKeys: JSON.stringify(keys),
    });
    assert.deepEqual(config.clientPublicKeys, keys);
  });
});
