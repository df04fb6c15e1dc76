import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import sharp from "sharp";
import { createConsolePictures, type ConsolePicture } from "../../../cli/console/console-pictures.ts";
import { pictureOrWords } from "../../../cli/console/failed-picture.ts";
import { pollUntil } from "../../../lib/clock.ts";
import { ExpectedError } from "../../../lib/errors.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { peopleOfTenant } from "../people/tenant-people.ts";
import { startHostileHost } from "./hostile-host.ts";

/** What a host may send in the place of a picture. */
const marker = "<script>alert(1)</script>";

async function pngWithText(): Promise<Buffer> {
  const picture = sharp({ create: { width: 300, height: 200, channels: 3, background: "#3a7" } });
  return Buffer.concat([await picture.png().toBuffer(), Buffer.from(marker)]);
}

describe("pictures of the console", () => {
  const setup = peopleOfTenant();
  const folder = temporaryFolder();
  const asked: string[] = [];
  let answer: () => Promise<Buffer>;
  const pictures = () =>
    createConsolePictures(
      () => setup().people("read:users"),
      (_people, url) => {
        asked.push(url);
        return answer();
      },
    );
  beforeEach(() => {
    asked.length = 0;
  });

  it("say why there is none, in words, and try again later only", async () => {
    answer = () =>
      Promise.reject(new ExpectedError("picture-url-unreachable", "The picture at x answers 404."));
    const shown = pictures();
    assert.deepEqual(await shown.get("https://a.example/1.png"), { failed: "The picture at x answers 404." });
    await shown.get("https://a.example/1.png");
    assert.equal(asked.length, 1);
  });

  it("gives what it has encoded again, and nothing of the file that it got", async () => {
    answer = pngWithText;
    const shown = (await pictures().get("https://a.example/1.png")) as Extract<
      ConsolePicture,
      { bytes: Buffer }
    >;
    assert.match(shown.contentType, /^image\/(png|jpeg)$/);
    assert.ok(!shown.bytes.includes(marker));
    const { width, height } = await sharp(shown.bytes).metadata();
    assert.equal(width, height);
  });

  for (const [what, file] of [
    ["HTML", `<!doctype html>${marker}`],
    ["SVG", `<svg xmlns="http://www.w3.org/2000/svg">${marker}</svg>`],
    ["nothing", ""],
    ["a file that only begins like a picture", "\x89PNG\r\n\x1a\nnot one"],
  ] as const) {
    it(`shows a drawing of its own in the place of ${what}`, async () => {
      answer = () => Promise.resolve(Buffer.from(file, "latin1"));
      const { bytes, contentType } = pictureOrWords(await pictures().get("https://a.example/1.png"));
      assert.equal(contentType, "image/svg+xml");
      assert.ok(!bytes.toString().includes("<script"));
      assert.match(bytes.toString(), /Cannot be shown/);
    });
  }

  it("writes a cause into the drawing as text, whatever it holds", () => {
    const { bytes } = pictureOrWords({ failed: `</text>${marker} & "x" ${"long".repeat(200)}` });
    const svg = bytes.toString();
    assert.ok(!svg.includes("<script") && svg.length < 3000);
  });

  it("say what a host does that answers too slowly, without end, or leads inward, and ask nobody there", async () => {
    const host = await startHostileHost(folder());
    try {
      const shown = createConsolePictures(() => setup().people("read:users"), host.load);
      for (const [path, message] of [
        ["inward", /redirects to port \d+ of another host/],
        ["metadata", /redirects to an address that is not public/],
        ["huge", /MB|bytes/],
        ["slow", /took longer than 8 seconds/],
      ] as const) {
        const picture = await shown.get(`${host.origin}/${path}.png`);
        assert.ok("failed" in picture, path);
        assert.match(picture.failed, message);
      }
      assert.equal(host.inward(), 0);
    } finally {
      await host.stop();
    }
  }).timeout(30_000);

  it("asks one host for two pictures at a time, and no other host waits for it", async () => {
    const release: (() => void)[] = [];
    answer = () => new Promise((_resolve, reject) => release.push(() => reject(new Error("slow"))));
    const shown = pictures();
    const slow = [1, 2, 3, 4].map((number) => shown.get(`https://slow.example/${number}.png`));
    const other = shown.get("https://b.example/1.png");
    await pollUntil(() => asked.length >= 3, { withinMs: 5_000 });
    await sleep(50);
    assert.deepEqual(asked.toSorted(), [
      "https://b.example/1.png",
      "https://slow.example/1.png",
      "https://slow.example/2.png",
    ]);
    while (asked.length < 5 || release.length > 0) {
      for (const proceed of release.splice(0)) proceed();
      await sleep(5);
    }
    assert.deepEqual(
      await Promise.all([...slow, other]),
      Array(5).fill({ failed: "The picture cannot be shown." }),
    );
  });
});
