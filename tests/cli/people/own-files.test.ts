import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import type { User } from "../../../auth0/user.ts";
import {
  findDistribution,
  ownFolders,
  recordedFolder,
  unprovenPictures,
} from "../../../cli/people/own-files.ts";
import { objectKey } from "../../../cli/storage/picture-addresses.ts";
import type { ConfigValues } from "../../../stack/config-keys.ts";

const location = { bucket: "pictures", region: "eu-central-1", baseUrl: "https://img.acme.com" };
const store = { keyOf: (url: unknown) => objectKey(url, location) };
const folder = "0123456789abcdef0123456789abcdef";
const urlIn = (name: string) => `https://img.acme.com/users/${name}/0123456789abcdef.png`;
const [key, formerKey] = ["k", "f"].map((letter) => Buffer.alloc(32, letter).toString("base64")) as [
  string,
  string,
];
const keyed = (id: string, by = key) => createHmac("sha256", by).update(id).digest("hex").slice(0, 32);
const unkeyed = (id: string) => createHash("sha256").update(id).digest("hex").slice(0, 20);

function unproven(user: User, keys: readonly string[] = []): string[] {
  return unprovenPictures(user, ownFolders(user, keys), store);
}

describe("the folders of a user", () => {
  it("are none that only user_metadata names: it may be somebody else's picture", () => {
    const user = { user_id: "auth0|1", user_metadata: { picture: urlIn(folder) } };
    assert.equal(ownFolders(user, []).includes(folder), false);
    assert.deepEqual(unproven(user), [urlIn(folder)]);
  });

  it("hold no picture that somebody stored in no folder at all, which is named all the same", () => {
    const flat = "https://img.acme.com/users/jane.webp";
    const user = { user_id: "auth0|1", picture: flat, user_metadata: { picture: `${flat}?v=2` } };
    assert.deepEqual(unproven(user), [`${flat}?v=2`, flat]);
  });

  it("hold every file in them, whatever its name, and nothing that leads out of them", () => {
    const user = (name: string) => ({
      user_id: "auth0|1",
      user_metadata: { picture: `https://img.acme.com/users/${folder}/${name}` },
      app_metadata: { picture_folder: folder },
    });
    assert.deepEqual(unproven(user("jane.webp")), []);
    assert.equal(unproven(user("../jane.webp")).length, 1);
  });

  it("are none that app_metadata names in another form", () => {
    for (const found of ["", "..", "a".repeat(20) + "/..", 7, null])
      assert.equal(
        recordedFolder({ user_id: "auth0|1", app_metadata: { picture_folder: found } }),
        undefined,
      );
  });

  const linked = {
    user_id: "auth0|1",
    identities: [
      { provider: "auth0", user_id: "1", connection: "db" },
      { provider: "google-oauth2", user_id: "7", connection: "google-oauth2" },
    ],
    app_metadata: { picture_folder: folder },
  };
  const ids = ["auth0|1", "google-oauth2|7"];

  it("are the recorded one and those of an application's uploads, linked identities' too", () => {
    const user = { ...linked, user_metadata: { picture: urlIn(unkeyed("google-oauth2|7")) } };
    assert.deepEqual(ownFolders(user, []), [folder, ...ids.map(unkeyed)]);
    assert.deepEqual(unproven(user), []);
  });

  it("are those of each key that uploads had, and of before there was one", () => {
    const expected = ids.flatMap((id) => [keyed(id), keyed(id, formerKey), unkeyed(id)]);
    assert.deepEqual(ownFolders(linked, [key, formerKey]), [folder, ...expected]);
    for (const found of expected) {
      const user = { ...linked, user_metadata: { picture: urlIn(found) } };
      assert.deepEqual(unproven(user, [key, formerKey]), []);
    }
    assert.equal(unproven({ ...linked, user_metadata: { picture: urlIn(keyed("auth0|1")) } }).length, 1);
  });
});

const served = { imageDelivery: "bucket" } as ConfigValues;
const cloudFront = {
  imageDelivery: "cloudfront",
  imageBaseUrl: "https://img.acme.com",
  imageCertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1d0e5a4c-7b1f-4a37-9c52-0a6c2f3b8e11",
} as ConfigValues;

describe("the distribution that serves pictures", () => {
  const find = (config: ConfigValues, id?: string, outputs: object = {}) =>
    findDistribution(
      { config, stack: "dev", env: id === undefined ? {} : { PICTURES_DISTRIBUTION_ID: id } },
      () => Promise.resolve({ code: 0, stdout: JSON.stringify(outputs), stderr: "" }),
    );

  it("must be known before anything is deleted", async () => {
    await assert.rejects(find(cloudFront, undefined, { imageDistributionId: null }), {
      code: "distribution-unknown",
      message: /nothing was changed.*PICTURES_DISTRIBUTION_ID/,
    });
  });

  it("is none where the bucket serves", async () => {
    assert.equal(await find(served, "E1"), undefined);
  });

  it("is the one of the variable, else the stack's output", async () => {
    assert.equal(await find(cloudFront, "E1", { imageDistributionId: "E2" }), "E1");
    assert.equal(await find(cloudFront, undefined, { imageDistributionId: "E2" }), "E2");
  });
});
