import assert from "node:assert/strict";
import { askedWaitMs, managementFailure, withManagementRetry } from "../../auth0/management-client.ts";
import { ExpectedError } from "../../lib/errors.ts";

/** As the SDK throws it for an answer. */
function answered(statusCode: number, headers: Record<string, string> = {}): Error {
  return Object.assign(new Error(`status ${statusCode}`), {
    statusCode,
    rawResponse: { headers: new Headers(headers) },
  });
}

/** The pauses before the given failures end, and what came of it; the last failure is repeated for ever. */
async function retried(...failures: readonly (Error | undefined)[]) {
  const pauses: number[] = [];
  let sent = 0;
  const request = () => {
    const failure = failures[Math.min(sent, failures.length - 1)];
    sent += 1;
    return failure === undefined ? Promise.resolve("done") : Promise.reject(failure);
  };
  const pause = (ms: number) => Promise.resolve(pauses.push(ms));
  const end = await withManagementRetry(request, pause).catch((error: unknown) => error as Error);
  return { pauses, sent, end };
}

describe("the retries of a long run", () => {
  it("are none for a refusal, for a bug, and where the user is gone", async () => {
    for (const failure of [answered(400), answered(403), answered(404), new TypeError("a bug")]) {
      const { sent, end } = await retried(failure);
      assert.deepEqual([sent, end], [1, failure]);
    }
  });

  it("end after five attempts where Auth0 fails or does not answer", async () => {
    const timedOut = Object.assign(new Error("30 s"), { name: "ManagementTimeoutError" });
    for (const failure of [answered(500), answered(503), timedOut, new TypeError("fetch failed")]) {
      const { pauses, end } = await retried(failure);
      assert.deepEqual([pauses, end], [[1000, 2000, 4000, 8000], failure]);
    }
  });

  it("go on through a long rate limit, at most half a minute apart where it names no end, and end too", async () => {
    const { pauses, sent, end } = await retried(answered(429));
    assert.equal(sent, 40);
    assert.equal(Math.max(...pauses), 30_000);
    assert.match(String(end), /429/);
  });

  it("wait for the end that a rate limit names, which the SDK's error has or its cause", async () => {
    const limited = answered(429, { "retry-after": "17" });
    const told = managementFailure(limited, "acme.eu.auth0.com", "reading a user") as Error;
    const { pauses, end } = await retried(limited, told, undefined);
    assert.deepEqual([pauses, end], [[17_000, 17_000], "done"]);
  });

  it("hold for what was told to people already", async () => {
    const told = new ExpectedError("auth0-unreachable", "No answer.");
    assert.equal((await retried(told, undefined)).end, "done");
  });
});

describe("the wait after a refused import", () => {
  it("is what Auth0's headers say, a minute at most, and none where they do not say", () => {
    assert.equal(askedWaitMs(answered(429, { "retry-after": "7" })), 7000);
    assert.equal(askedWaitMs(answered(429, { "x-ratelimit-reset": "9".repeat(40) })), 60_000);
    assert.equal(askedWaitMs(answered(429)), 0);
    assert.equal(askedWaitMs(new Error("no answer")), 0);
  });
});
