import assert from "node:assert/strict";
import { configNamespace } from "../../stack/read-config.ts";
import { readStack } from "../../stack/read-stack.ts";
import { uploadFolders, uploadKeysIn } from "../../stack/upload-folders.ts";

const key = Buffer.alloc(32, "k").toString("base64");
const former = Buffer.alloc(32, "f").toString("base64");

describe("the keys of uploads' folders", () => {
  for (const text of [
    "",
    " \n",
    "hush",
    Buffer.alloc(31, "k").toString("base64"),
    `${key} hush`,
    `${key},${former}`,
  ])
    it(`are not ${JSON.stringify(text)}`, () => {
      assert.equal(uploadKeysIn(text), undefined);
    });

  it("are one, or the one in use and former ones", () => {
    assert.deepEqual(uploadKeysIn(`${key}\n`), [key]);
    assert.deepEqual(uploadKeysIn(`${key} ${former}`), [key, former]);
  });

  it("must be encrypted in the stack's configuration, whose problems do not show them", async () => {
    const read = (text: string, encrypted: readonly string[]) =>
      readStack("dev", { [`${configNamespace}:uploadKey`]: text }, new Set(encrypted));
    await assert.rejects(read(key, []), (error: Error) => {
      assert.match(error.message, /uploadKey is a secret and is not encrypted/);
      assert.equal(error.message.includes(key), false);
      return true;
    });
    await assert.rejects(read("hush-hush", [`${configNamespace}:uploadKey`]), (error: Error) => {
      assert.match(error.message, /uploadKey .*is not a key of 32 or more bytes.*openssl rand -base64 32/);
      assert.doesNotMatch(error.message, /hush/);
      return true;
    });
  });
});

describe("the folders of an application's uploads", () => {
  it("follow from the user's id and each key, and last from the id alone", () => {
    // As other implementations compute them: HMAC-SHA-256 with the key as text, and SHA-256.
    assert.deepEqual(uploadFolders("auth0|1", [key, former]), [
      "a11b6ced7086dc62b1e5bd68a9b222bc",
      "8c89c4d9c8534869693f824d7d4ff3a4",
      "b03e5d4509cd37476db3",
    ]);
  });
});
