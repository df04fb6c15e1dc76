import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { firstProblems, type BulkChange } from "../../../cli/bulk/bulk-change.ts";
import { probePlan } from "../../../cli/bulk/preview-file.ts";
import { ExpectedError } from "../../../lib/errors.ts";

describe("the probe of a file's addresses", () => {
  it("names the lines whose address has no picture, and keeps the first ones", async () => {
    const problems = firstProblems(2);
    await probePlan(
      {
        changes: function* (): Generator<BulkChange> {
          for (let line = 40; line > 1; line -= 1) {
            yield { line, user: `auth0|${line}`, action: "set", url: `https://img.acme.com/${line}.png` };
          }
          yield { line: 1, user: "auth0|1", action: "clear" };
        },
      },
      problems,
      (url) => {
        if (/\/\d\.png/.test(url)) throw new ExpectedError("picture-url-unreachable", "It is not there.");
        return Promise.resolve();
      },
    );
    assert.equal(problems.total(), 8);
    assert.deepEqual(
      problems.first().map(({ line, code }) => [line, code]),
      [
        [2, "picture-url-unreachable"],
        [3, "picture-url-unreachable"],
      ],
    );
  });

  it("asks for an address once, and two of one host at a time, however many lines have them", async () => {
    const problems = firstProblems(100);
    const asked: string[] = [];
    const running = new Map<string, number>();
    let mostOfAHost = 0;
    const changes = function* (): Generator<BulkChange> {
      for (let line = 1; line <= 60; line += 1) {
        const url = `https://img${line % 3}.acme.com/${line % 12}.png`;
        yield { line, user: `auth0|${line}`, action: "set", url };
      }
    };
    await probePlan({ changes }, problems, async (url) => {
      const { host } = new URL(url);
      asked.push(url);
      running.set(host, (running.get(host) ?? 0) + 1);
      mostOfAHost = Math.max(mostOfAHost, running.get(host) ?? 0);
      await setImmediate();
      running.set(host, (running.get(host) ?? 0) - 1);
      if (url.endsWith("/7.png")) throw new ExpectedError("picture-url-unreachable", "It is not there.");
    });
    assert.deepEqual(asked.toSorted(), [...new Set(asked)].toSorted());
    assert.equal(asked.length, 12);
    assert.equal(mostOfAHost, 2);
    assert.deepEqual(
      problems.first().map(({ line }) => line),
      [7, 19, 31, 43, 55],
    );
  });

  it("ends with what is no answer of a picture's host", async () => {
    const changes = function* (): Generator<BulkChange> {
      yield { line: 1, user: "auth0|1", action: "set", url: "https://img.acme.com/1.png" };
    };
    const broken = probePlan({ changes }, firstProblems(1), () => Promise.reject(new Error("broken")));
    await assert.rejects(broken, { message: "broken" });
  });
});
