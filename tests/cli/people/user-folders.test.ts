import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { ownFolders, recordedFolder, unprovenPictures } from "../../../cli/people/user-folders.ts";
import { objectKey } from "../../../cli/storage/picture-addresses.ts";

const location = { bucket: "pictures", region: "eu-central-1", baseUrl: "https://img.acme.com" };
const store = { keyOf: (url: unknown) => objectKey(url, location) };
const folder = "0123456789abcdef0123456789abcdef";
const urlIn = (name: string) => `https://img.acme.com/users/${name}/0123456789abcdef.png`;
const upload = (id: string) => createHash("sha256").update(id).digest("hex").slice(0, 20);

describe("the folders of a user", () => {
  it("are none that only user_metadata names: it may be somebody else's picture", () => {
    const user = { user_id: "auth0|1", user_metadata: { picture: urlIn(folder) } };
    assert.equal(ownFolders(user).includes(folder), false);
    assert.deepEqual(unprovenPictures(user, store), [urlIn(folder)]);
  });

  it("hold no picture that somebody stored in no folder at all, which is named all the same", () => {
    const flat = "https://img.acme.com/users/jane.webp";
    const user = { user_id: "auth0|1", picture: flat, user_metadata: { picture: `${flat}?v=2` } };
    assert.deepEqual(unprovenPictures(user, store), [`${flat}?v=2`, flat]);
  });

  it("hold every file in them, whatever its name, and nothing that leads out of them", () => {
    const user = (name: string) => ({
      user_id: "auth0|1",
      user_metadata: { picture: `https://img.acme.com/users/${folder}/${name}` },
      app_metadata: { picture_folder: folder },
    });
    assert.deepEqual(unprovenPictures(user("jane.webp"), store), []);
    assert.equal(unprovenPictures(user("../jane.webp"), store).length, 1);
  });

  it("are none that app_metadata names in another form", () => {
    for (const found of ["", "..", "a".repeat(20) + "/..", 7, null])
      assert.equal(
        recordedFolder({ user_id: "auth0|1", app_metadata: { picture_folder: found } }),
        undefined,
      );
  });

  it("are the recorded one and those of an application's uploads, linked identities' too", () => {
    const user = {
      user_id: "auth0|1",
      identities: [
        { provider: "auth0", user_id: "1", connection: "db" },
        { provider: "google-oauth2", user_id: "7", connection: "google-oauth2" },
      ],
      user_metadata: { picture: urlIn(upload("google-oauth2|7")) },
      app_metadata: { picture_folder: folder },
    };
    assert.deepEqual(ownFolders(user), [folder, upload("auth0|1"), upload("google-oauth2|7")]);
    assert.deepEqual(unprovenPictures(user, store), []);
  });
});
