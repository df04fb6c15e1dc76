import assert from "node:assert/strict";
import sharp from "sharp";
import { pageImages } from "../../../cli/audit/audit-page.ts";
import { plain } from "../image/sample-images.ts";

const defaultUrl = "https://img.acme.com/default.png";
const sources = { config: { defaultImage: "assets/default-picture.png" }, settings: { defaultUrl } };

describe("the pictures that an audit's page holds", () => {
  const own = (...names: string[]) => ({
    reasons: [
      {
        reason: "kept" as const,
        users: 1,
        examples: [{ userId: "auth0|k", picture: "https://k.acme.com/" }],
      },
      {
        reason: "user" as const,
        users: names.length,
        examples: names.map((name) => ({ userId: name, picture: `https://img.acme.com/users/${name}` })),
      },
    ],
  });

  it("are the default image alone where no host may be asked", async () => {
    const images = await pageImages(own("a.png"), sources);
    assert.deepEqual([...images.keys()], [defaultUrl]);
    assert.match(images.get(defaultUrl)!, /^data:image\/webp;base64,/);
  });

  it("are a few users' own ones too, small and written anew, without those that are none", async () => {
    const picture = await plain("red", 600, 300)
      .withExif({ IFD0: { Copyright: "somebody" } })
      .jpeg()
      .toBuffer();
    const asked: string[] = [];
    const fetchPicture = (url: string) => {
      asked.push(url);
      if (url.endsWith("gone.png")) return Promise.reject(new Error("gone"));
      return Promise.resolve(url.endsWith("page.png") ? Buffer.from("<html>") : picture);
    };
    const users = own("gone.png", "page.png", "1.png", "2.png", "3.png", "4.png", "5.png");
    const images = await pageImages(users, { ...sources, fetchPicture });
    assert.equal(asked.length, 6, "no more than the page shows");
    const name = (url: string) => url.slice(url.lastIndexOf("/") + 1);
    const names = [...images.keys()].map(name);
    assert.deepEqual(names.toSorted(), ["1.png", "2.png", "3.png", "4.png", "default.png"]);
    const [, data = ""] = images.get("https://img.acme.com/users/1.png")!.split(",");
    const { width, height, exif } = await sharp(Buffer.from(data, "base64")).metadata();
    assert.deepEqual([width, height, exif], [208, 208, undefined]);
  });
});
