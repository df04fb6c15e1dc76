import assert from "node:assert/strict";
import { ProbeRefusal } from "../../../cli/image/public-network.ts";
import { createHostManners, type HostManners } from "../../../cli/mirror/host-manners.ts";
import { ExpectedError } from "../../../lib/errors.ts";

const host = "pictures.acme.com";

function answers(status: number | undefined, retryAfterMs?: number): () => Promise<never> {
  const cause =
    status === undefined
      ? new Error("connect ECONNREFUSED")
      : new ProbeRefusal("unreachable", `answers ${status}`, { status, retryAfterMs });
  return () => Promise.reject(new ExpectedError("picture-url-unreachable", "no picture", { cause }));
}

describe("what a host is asked for", () => {
  let now: number;
  let slept: number[];
  let manners: HostManners;

  beforeEach(() => {
    now = 0;
    slept = [];
    manners = createHostManners({
      now: () => now,
      sleep: (ms) => {
        slept.push(ms);
        now += ms;
        return Promise.resolve();
      },
    });
  });

  const code = async (request: () => Promise<unknown>, name = host) => {
    try {
      return await manners.ask(name, request);
    } catch (error) {
      return (error as ExpectedError).code;
    }
  };

  it("waits as long as the host says after 429, and as the pauses say where it does not", async () => {
    await code(answers(429, 7000));
    assert.deepEqual(slept, [7000, 7000, 7000]);
    slept = [];
    now += 10_000;
    await code(answers(503), "other.acme.com");
    assert.deepEqual(slept, [1000, 5000, 20_000]);
  });

  it("puts off the others' requests to that host too, and those to no other one", async () => {
    await code(answers(429, 7000));
    slept = [];
    assert.equal(await code(() => Promise.resolve("picture"), "other.acme.com"), "picture");
    assert.deepEqual(slept, []);
    assert.equal(await code(() => Promise.resolve("picture")), "picture");
    assert.deepEqual(slept, [7000]);
  });

  it("is nothing more in this run where the host wants to be left alone for an hour", async () => {
    let asked = 0;
    await code(answers(429, 3_600_000));
    assert.equal(await code(() => Promise.resolve((asked += 1))), "host-given-up");
    assert.deepEqual([asked, slept], [0, []]);
  });

  it("is nothing more where it did not answer many times in a row", async () => {
    for (let failures = 0; failures < 8; failures += 1) {
      assert.equal(await code(answers(undefined)), "picture-url-unreachable");
    }
    assert.equal(await code(() => Promise.resolve("picture")), "host-given-up");
    assert.deepEqual(slept, []);
  });

  it("goes on where the answers are about single pictures, or one comes between", async () => {
    for (let failures = 0; failures < 20; failures += 1) await code(answers(403));
    for (let failures = 0; failures < 7; failures += 1) await code(answers(undefined));
    assert.equal(await code(() => Promise.resolve("picture")), "picture");
    for (let failures = 0; failures < 7; failures += 1) await code(answers(undefined));
    assert.equal(await code(() => Promise.resolve("picture")), "picture");
  });
});
