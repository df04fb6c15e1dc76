import assert from "node:assert/strict";
import { pictureFolder } from "../../../cli/storage/picture-addresses.ts";

const store = { bucket: "acme", region: "eu-central-1", baseUrl: "https://pictures.acme.com/avatars" };
const folder = "0123456789abcdef0123456789abcdef";
const file = `${folder}/0123456789abcdef.png`;

describe("the folder of a user's picture", () => {
  const foreign: unknown[] = [
    undefined,
    null,
    7,
    "",
    "users",
    file,
    `https://pictures.acme.com/users/${file}`,
    `https://pictures.acme.com.evil.com/avatars/users/${file}`,
    `http://pictures.acme.com/avatars/users/${file}`,
    `https://pictures.acme.com:8443/avatars/users/${file}`,
    "https://pictures.acme.com/avatars/default-0123456789abcdef.png",
    "https://pictures.acme.com/avatars/users/0123456789abcdef.png",
    `https://pictures.acme.com/avatars/users/../users/${folder}/../../x.png`,
    `https://pictures.acme.com/avatars/users/${folder}/0123456789abcdef.svg`,
    `https://pictures.acme.com/avatars/users/${folder}/x/0123456789abcdef.png`,
    `https://pictures.acme.com/avatars/users/${folder.toUpperCase()}/0123456789abcdef.png`,
    "https://pictures.acme.com/avatars/users/%ff",
  ];
  for (const url of foreign) {
    it(`is not found in ${String(url)}`, () => {
      assert.equal(pictureFolder(url, store), undefined);
    });
  }

  const ours: [name: string, url: string][] = [
    ["by the configured address", `https://pictures.acme.com/avatars/users/${file}`],
    ["by the bucket's own name", `https://acme.s3.eu-central-1.amazonaws.com/users/${file}`],
    ["with a query and a fragment", `https://pictures.acme.com/avatars/users/${file}?v=2#x`],
    ["with an encoded path", `https://pictures.acme.com/avatars/%75sers/${file}`],
    ["with an upper case host", `https://PICTURES.acme.com/avatars/users/${file}`],
    ["that an application stored", `https://pictures.acme.com/avatars/users/${folder}/${folder}.jpg`],
  ];
  for (const [name, url] of ours) {
    it(`is found in a URL ${name}`, () => {
      assert.equal(pictureFolder(url, store), folder);
    });
  }
});
