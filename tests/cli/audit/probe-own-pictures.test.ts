import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import type { Finding } from "../../../cli/people/finding.ts";
import { createPictureList, probeOwnPictures } from "../../../cli/audit/probe-own-pictures.ts";
import { ProbeRefusal, type ProbeReason } from "../../../cli/image/public-network.ts";
import { ExpectedError } from "../../../lib/errors.ts";
import { fakeClock } from "../../lib/fake-clock.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

describe("the probe of all own pictures", () => {
  /** Looks behind addresses of which some users share one; `answer` is told how often it was asked before. */
  async function probed(urls: readonly string[], answer: (url: string, before: number) => void) {
    const list = createPictureList();
    urls.forEach((url, n) => list.add({ userId: `auth0|${n}`, url, picture: "own" }));
    const asked: string[] = [];
    const findings: Finding[] = [];
    let looked = 0;
    try {
      const addresses = await probeOwnPictures(list, {
        atATime: 4,
        perHost: 2,
        waiting: 3,
        clock: fakeClock(),
        probe: async (url) => {
          const before = asked.filter((other) => other === url).length;
          asked.push(url);
          await Promise.resolve();
          answer(url, before);
        },
        onFinding: (finding) => findings.push(finding),
        onLooked: () => (looked += 1),
      });
      return { addresses, asked, findings, looked };
    } finally {
      list.close();
    }
  }

  function refusal(reason: ProbeReason, status?: number): ExpectedError {
    const cause = new ProbeRefusal(reason, "is wrong", status === undefined ? {} : { status });
    return new ExpectedError(`picture-url-${reason}`, "The picture is wrong.", { cause });
  }

  it("looks behind each address once, whoever uses it, and names every one of them", async () => {
    const urls = Array.from({ length: 200 }, (_, n) => `https://img${n % 3}.acme.com/${n % 50}.png?key=1`);
    const bad = (url: string) => url.includes("/7.png");
    const { addresses, asked, findings, looked } = await probed(urls, (url) => {
      if (bad(url)) throw refusal("not-an-image");
    });
    const different = new Set(urls);
    assert.equal(addresses, different.size);
    assert.deepEqual(asked.toSorted(), [...different].toSorted());
    assert.equal(looked, urls.length);
    const expected = urls.flatMap((url, n) => (bad(url) ? [`auth0|${n}`] : []));
    assert.deepEqual(findings.map(({ userId }) => userId).toSorted(), expected.toSorted());
    for (const { kind, cause, address } of findings) {
      assert.deepEqual([kind, cause], ["own-unreachable", "not-an-image"]);
      assert.match(address!, /\.png$/, "without the query");
    }
  });

  it("asks a host that has too much to do again, and then says what it says", async () => {
    const { asked, findings } = await probed(
      ["https://a.acme.com/1", "https://b.acme.com/2"],
      (url, before) => {
        if (url.startsWith("https://b") || before === 0)
          throw refusal("unreachable", before === 0 ? 429 : 503);
      },
    );
    assert.equal(asked.length, 2 + 3);
    assert.deepEqual(
      findings.map(({ userId, cause }) => [userId, cause]),
      [["auth0|1", "unreachable"]],
    );
  });

  it("does not ask again what is gone", async () => {
    const { asked } = await probed(["https://a.acme.com/1"], () => {
      throw refusal("unreachable", 404);
    });
    assert.equal(asked.length, 1);
  });

  it("ends with what is no answer of a picture's host", async () => {
    const broken = probed(["https://a.acme.com/1"], () => {
      throw new Error("broken");
    });
    await assert.rejects(broken, { message: "broken" });
  });
});

describe("a list of pictures", () => {
  const folder = temporaryFolder();

  it("gives back what was added, whatever a user id holds, as often as it is read", () => {
    const list = createPictureList();
    try {
      const ids = ["a\u2028b", "a\u2029b", "a\nb", "a\rb", '"', "ü", "x".repeat(200_000)];
      const pictures = ids.map((id) => ({
        userId: `auth0|${id}`,
        url: "https://img.acme.com/1.png",
        picture: "own" as const,
      }));
      for (const picture of pictures) list.add(picture);
      assert.equal(list.length(), pictures.length);
      assert.deepEqual([...list.read()], pictures);
      assert.deepEqual([...list.read()], pictures);
    } finally {
      list.close();
    }
  });

  it("is in no file that anybody could find by its name", () => {
    const { TMPDIR: former } = process.env;
    process.env["TMPDIR"] = folder();
    const list = createPictureList();
    try {
      for (let i = 0; i < 1000; i += 1) {
        list.add({ userId: `auth0|${i}`, url: `https://img.acme.com/${"x".repeat(1000)}`, picture: "own" });
      }
      assert.equal([...list.read()].length, 1000);
      assert.deepEqual(readdirSync(folder()), []);
    } finally {
      list.close();
      if (former === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = former;
    }
  });
});
